// SPDX-License-Identifier: Apache-2.0
//
// The CPU of a machine, with whichever scheduler the scenario asks for. It has the interface of
// scheduler.h and adds nothing to it; which scheduler it is shows nowhere else. It costs one switch
// per call.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "models/cpu/eevdf.h"
#include "models/cpu/fifo.h"
#include "models/cpu/fluid.h"
#include "models/cpu/scheduler.h"

namespace cotenant {

enum class SchedulerKind : std::uint8_t { fluid, fifo, eevdf, cfs };

inline constexpr SchedulerKind kSchedulerKinds[] = {SchedulerKind::fluid, SchedulerKind::fifo,
                                                    SchedulerKind::eevdf, SchedulerKind::cfs};

// Has what only real kernels have: ticks, time slices, switches that cost, tasks bound to cores.
constexpr bool imitates_linux(SchedulerKind kind) {
  return kind == SchedulerKind::eevdf || kind == SchedulerKind::cfs;
}

std::string_view name_of(SchedulerKind kind);
std::optional<SchedulerKind> scheduler_kind_named(std::string_view name);

class Cpu {
 public:
  // quota_phases: see FluidScheduler; a scheduler without quotas ignores them. tick_phases: see
  // EevdfScheduler; the others ignore them.
  Cpu(SchedulerKind kind, const CpuTopology& topology, std::span<const Duration> quota_phases,
      std::span<const Duration> tick_phases = {});

  SchedulerKind kind() const { return kSchedulerKinds[scheduler_.index()]; }

  void demand(TaskId task, CpuTime work, Instant now) {
    std::visit([&](auto& scheduler) { scheduler.demand(task, work, now); }, scheduler_);
  }
  BurstTimes withdraw(TaskId task, Instant now) {
    return std::visit([&](auto& scheduler) { return scheduler.withdraw(task, now); }, scheduler_);
  }
  void shorten(TaskId task, CpuTime left, Instant now) {
    std::visit([&](auto& scheduler) { scheduler.shorten(task, left, now); }, scheduler_);
  }
  void advance(Instant now, std::vector<Completion>& completed) {
    std::visit([&](auto& scheduler) { scheduler.advance(now, completed); }, scheduler_);
  }
  Instant next_instant() const {
    return std::visit([](const auto& scheduler) { return scheduler.next_instant(); }, scheduler_);
  }
  void set_supply(CoreId core, Speed speed, Instant now) {
    std::visit([&](auto& scheduler) { scheduler.set_supply(core, speed, now); }, scheduler_);
  }
  Speed speed(TaskId task) const {
    return std::visit([&](const auto& scheduler) { return scheduler.speed(task); }, scheduler_);
  }
  bool wants(CoreId core) const {
    return std::visit([&](const auto& scheduler) { return scheduler.wants(core); }, scheduler_);
  }
  BurstTimes burst_so_far(TaskId task, Instant now) const {
    return std::visit([&](const auto& scheduler) { return scheduler.burst_so_far(task, now); },
                      scheduler_);
  }
  GroupUsage group_usage(GroupId group, Instant now) const {
    return std::visit([&](const auto& scheduler) { return scheduler.group_usage(group, now); },
                      scheduler_);
  }
  void hash_into(Hasher& hasher) const {
    std::visit([&](const auto& scheduler) { scheduler.hash_into(hasher); }, scheduler_);
  }

 private:
  // In the order of SchedulerKind. CFS is a rule of the same class.
  using Variant = std::variant<FluidScheduler, FifoScheduler, EevdfScheduler, EevdfScheduler>;

  static Variant make(SchedulerKind kind, const CpuTopology& topology,
                      std::span<const Duration> quota_phases,
                      std::span<const Duration> tick_phases);

  Variant scheduler_;
};

static_assert(Scheduler<Cpu>);

}  // namespace cotenant
