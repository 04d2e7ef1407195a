// SPDX-License-Identifier: Apache-2.0
//
// Memory of services, objects in it, and limits of groups, compiled.
#pragma once

#include <vector>

#include "models/machine/machine.h"
#include "models/memory/spec.h"
#include "models/python/heap.h"
#include "models/workload/source.h"
#include "scenarios/scenario.h"

namespace cotenant {

ProcessMemorySpec compile_memory(const ServiceMemory& memory);

// The limits of all groups of a compiled machine.
IdVector<GroupId, MemoryGroupSpec> compile_limits(const MachineSpec& spec, const Machine& machine,
                                                  const Named<Group>& groups);

// The files of a service whose tasks are in that group; of size zero where it says nothing.
FileSetSpec compile_files(const Service& service, MachineId machine, GroupId group);

// The garbage collector of its processes.
CollectorSpec compile_collector(const GarbageCollection& gc);

// With the objects that each request of the service makes at its first step.
std::vector<StepSpec> with_objects(const Service& service, std::vector<StepSpec> steps);

// With what each request of the service takes at its first step.
std::vector<StepSpec> with_memory(const Service& service, std::vector<StepSpec> steps);

}  // namespace cotenant
