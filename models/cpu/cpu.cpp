// SPDX-License-Identifier: Apache-2.0
//
// Which scheduler it is: names, and the one place where one is made.
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

}  // namespace cotenant
