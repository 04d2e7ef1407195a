// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_memory.h"

#include <utility>

#include "scenarios/fields_memory.h"

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
  // All of it, which is never more than the largest that may be said.
  spec.working_set = memory.working_set.value_or(kLargestMemory);
  spec.touched = memory.touched_per_request.value_or(spec.working_set);
  spec.per_connection = memory.per_connection;
  spec.per_socket = memory.per_socket;
  return spec;
}

FileSetSpec compile_files(const Service& service, MachineId machine, GroupId group) {
  FileSetSpec spec{machine, group, Bytes(0)};
  if (!service.files) return spec;
  spec.size = service.files->size;
  spec.in_order = service.files->order == "sequential";
  spec.is_cold = service.files->cold;
  return spec;
}

IdVector<GroupId, MemoryGroupSpec> compile_limits(const MachineSpec& spec, const Machine& machine,
                                                  const Named<Group>& groups) {
  IdVector<GroupId, MemoryGroupSpec> limits;
  for (std::uint32_t g = 0; g < spec.group_names.size(); ++g) {
    const Group* group = find_named(groups, spec.group_names[GroupId(g)]);
    MemoryGroupSpec& limit = limits[limits.push_back({spec.cpu.groups[GroupId(g)].parent})];
    if (group == nullptr) {
      limit.max = machine.memory.value_or(kNoLimit);
      limit.swap_max = machine.swap ? machine.swap->size : Bytes(0);
      continue;
    }
    limit.max = group->memory_max.value_or(kNoLimit);
    limit.min = group->memory_min;
    limit.low = group->memory_low;
    limit.high = group->memory_high.value_or(kNoLimit);
    limit.swap_max = group->swap_max.value_or(kNoLimit);
    limit.oom_group = group->oom_group;
  }
  return limits;
}

// python-servers.md 4.1: 700 up to 3.12, 2000 in 3.13.0; 3.14.5 went back to the collector of 3.13.
CollectorSpec compile_collector(const GarbageCollection& gc) {
  CollectorSpec spec;
  spec.threshold = gc.python == "3.13" || gc.python == "3.14.5" ? 2000 : 700;
  spec.objects = gc.objects;
  spec.frozen = gc.freeze;
  spec.per_request = gc.objects_per_request;
  spec.cycles = gc.cycles_per_request;
  return spec;
}

std::vector<StepSpec> with_objects(const Service& service, std::vector<StepSpec> steps) {
  if (service.gc) steps.insert(steps.begin(), StepSpec{StepSpec::Kind::objects, {}});
  return steps;
}

std::vector<StepSpec> with_memory(const Service& service, std::vector<StepSpec> steps) {
  if (!service.memory) return steps;
  const ServiceMemory& memory = *service.memory;
  const bool grows = !memory.copied.is_zero() || !memory.cache_per_request.is_zero() ||
                     memory.working_set.has_value();
  const MemoryDemand demand{memory.per_request, memory.leak_per_request, true};
  if (!grows && demand.held.is_zero() && demand.leaked.is_zero()) return steps;
  StepSpec first{StepSpec::Kind::memory, {}};
  first.memory = demand;
  steps.insert(steps.begin(), std::move(first));
  return steps;
}

}  // namespace cotenant
