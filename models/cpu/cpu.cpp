// SPDX-License-Identifier: Apache-2.0
//
// Forwards each member function to the scheduler in the variant.
#include "models/cpu/cpu.h"

#include <iterator>
#include <utility>

#include "sim/base/assert.h"

namespace cotenant {

std::string_view name_of(SchedulerKind kind) {
  switch (kind) {
    case SchedulerKind::fluid:
      return "fluid";
    case SchedulerKind::fifo:
      return "fifo";
    case SchedulerKind::eevdf:
      return "eevdf";
    case SchedulerKind::cfs:
      return "cfs";
  }
  COTENANT_ASSERT(false);
  return {};
}

std::optional<SchedulerKind> scheduler_kind_named(std::string_view name) {
  for (const SchedulerKind kind : kSchedulerKinds) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

Cpu::Variant Cpu::make(SchedulerKind kind, const CpuTopology& topology,
                       std::span<const Duration> quota_phases,
                       std::span<const Duration> tick_phases) {
  static_assert(std::variant_size_v<Variant> == std::size(kSchedulerKinds));
  switch (kind) {
    case SchedulerKind::fluid:
      return Variant(std::in_place_index<0>, topology, quota_phases);
    case SchedulerKind::fifo:
      return Variant(std::in_place_index<1>, topology);
    case SchedulerKind::eevdf:
    case SchedulerKind::cfs:
      break;
  }
  CpuTopology kernel_topology = topology;
  kernel_topology.kernel.fair_class =
      kind == SchedulerKind::cfs ? FairClass::cfs : FairClass::eevdf;
  if (kind == SchedulerKind::cfs) {
    return Variant(std::in_place_index<3>, kernel_topology, quota_phases, tick_phases);
  }
  return Variant(std::in_place_index<2>, kernel_topology, quota_phases, tick_phases);
}

Cpu::Cpu(SchedulerKind kind, const CpuTopology& topology, std::span<const Duration> quota_phases,
         std::span<const Duration> tick_phases)
    : scheduler_(make(kind, topology, quota_phases, tick_phases)) {}

void Cpu::demand(TaskId task, CpuTime work, Instant now) {
  std::visit([&](auto& scheduler) { scheduler.demand(task, work, now); }, scheduler_);
}

BurstTimes Cpu::withdraw(TaskId task, Instant now) {
  return std::visit([&](auto& scheduler) { return scheduler.withdraw(task, now); }, scheduler_);
}

void Cpu::shorten(TaskId task, CpuTime left, Instant now) {
  std::visit([&](auto& scheduler) { scheduler.shorten(task, left, now); }, scheduler_);
}

void Cpu::advance(Instant now, std::vector<Completion>& completed) {
  std::visit([&](auto& scheduler) { scheduler.advance(now, completed); }, scheduler_);
}

Instant Cpu::next_instant() const {
  return std::visit([](const auto& scheduler) { return scheduler.next_instant(); }, scheduler_);
}

void Cpu::set_supply(CoreId core, Speed speed, Instant now) {
  std::visit([&](auto& scheduler) { scheduler.set_supply(core, speed, now); }, scheduler_);
}

Speed Cpu::speed(TaskId task) const {
  return std::visit([&](const auto& scheduler) { return scheduler.speed(task); }, scheduler_);
}

bool Cpu::wants(CoreId core) const {
  return std::visit([&](const auto& scheduler) { return scheduler.wants(core); }, scheduler_);
}

BurstTimes Cpu::burst_so_far(TaskId task, Instant now) const {
  return std::visit([&](const auto& scheduler) { return scheduler.burst_so_far(task, now); },
                    scheduler_);
}

GroupUsage Cpu::group_usage(GroupId group, Instant now) const {
  return std::visit([&](const auto& scheduler) { return scheduler.group_usage(group, now); },
                    scheduler_);
}

void Cpu::hash_into(Hasher& hasher) const {
  std::visit([&](const auto& scheduler) { scheduler.hash_into(hasher); }, scheduler_);
}

}  // namespace cotenant
