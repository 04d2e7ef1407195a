// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_memory.h"

#include <utility>

namespace cotenant {

ProcessMemorySpec compile_memory(const ServiceMemory& memory) {
  ProcessMemorySpec spec;
  spec.base = memory.base;
  spec.main = memory.main;
  spec.copied = memory.copied;
  spec.copied_over = static_cast<std::uint32_t>(memory.copied_over);
  spec.cache_per_request = memory.cache_per_request;
  spec.cache_max = memory.cache_max.value_or(kNoLimit);
  spec.leak_per_hour = memory.leak_per_hour;
  spec.retained = static_cast<std::int64_t>(memory.retained * static_cast<double>(kWhole) + 0.5);
  return spec;
}

IdVector<GroupId, MemoryGroupSpec> compile_limits(const MachineSpec& spec, const Machine& machine,
                                                  const Named<Group>& groups) {
  IdVector<GroupId, MemoryGroupSpec> limits;
  for (std::uint32_t g = 0; g < spec.group_names.size(); ++g) {
    const Group* group = find_named(groups, spec.group_names[GroupId(g)]);
    const std::optional<Bytes>& max = group != nullptr ? group->memory_max : machine.memory;
    limits.push_back({spec.cpu.groups[GroupId(g)].parent, max.value_or(kNoLimit)});
  }
  return limits;
}

std::vector<StepSpec> with_memory(const Service& service, std::vector<StepSpec> steps) {
  if (!service.memory) return steps;
  const ServiceMemory& memory = *service.memory;
  const bool grows = !memory.copied.is_zero() || !memory.cache_per_request.is_zero();
  const MemoryDemand demand{memory.per_request, memory.leak_per_request, true};
  if (!grows && demand.held.is_zero() && demand.leaked.is_zero()) return steps;
  StepSpec first{StepSpec::Kind::memory, {}};
  first.memory = demand;
  steps.insert(steps.begin(), std::move(first));
  return steps;
}

}  // namespace cotenant
