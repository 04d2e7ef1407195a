// SPDX-License-Identifier: Apache-2.0
//
// A disk and what tasks do with it during one step of the simulation: what files and swap have in
// common. Everything that its transitions need, looked up once.
#pragma once

#include <utility>

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

struct ActingDisk {
  World& world;
  const Blueprint& blueprint;
  MachineId machine;

  DiskState& state() const { return world.disks[machine]; }
  const DiskSpec& spec() const { return *blueprint.machines[machine].disk; }
  Instant now() const { return world.events.now(); }
  FileAccess& access(TaskId task) const { return state().accesses[task]; }
  GroupId group(TaskId task) const { return blueprint.task({machine, task}).group; }
  const StepSpec& step(const FileAccess& access) const {
    return blueprint.classes[world.requests[access.request].request_class].steps[access.step];
  }
};

inline FileUse use_of(const StepSpec& step) {
  return step.kind == StepSpec::Kind::memory ? FileUse::swap : step.file.what;
}

// For what the kernel does by itself.
inline Draws kernel_luck(const ActingDisk& acting) {
  return acting.world.chance.machines[acting.machine].disk.at(acting.state().kernel_ios++);
}

inline void submit(const ActingDisk& acting, const Io& io) {
  acting.state().device.submit(acting.spec(), io, acting.now());
}

inline void wait_as(const ActingDisk& acting, RequestId id, WaitState state) {
  Request& request = acting.world.requests[id];
  if (!request.ended) enter(request, state, acting.now());
}

inline void finish(const ActingDisk& acting, TaskId task, Effects& effects) {
  effects.push(CallsDone{std::exchange(acting.access(task).request, RequestId::none())});
}

// The next IO that the task waits for.
void begin_part(const ActingDisk& acting, TaskId task);

// Keeps the event of the disk in line with what it does.
void schedule(const ActingDisk& acting);

}  // namespace cotenant
