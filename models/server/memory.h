// SPDX-License-Identifier: Apache-2.0
//
// Memory of worker processes as the servers see it: a process occupies some from when it begins to
// serve until it ends, requests take some in it and give it back when they leave, and the kernel
// kills a process when there is no room for more. What is charged to whom, and who is killed, is in
// models/memory. Where no memory counts, all of this is a comparison. Mechanism and evidence:
// docs/models/memory.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// The processes that are there when a run begins.
void start_memory(World& world, const Blueprint& blueprint);

// A process begins to serve, or is killed for it: false, and it does nothing more.
bool occupy_base(World& world, const Blueprint& blueprint, ResidentId id);
inline bool begin_residence(World& world, const Blueprint& blueprint, ResidentId id) {
  return id.is_none() || occupy_base(world, blueprint, id);
}

// A main process, which there is when a run begins, has ended with all others of its service, or
// there is a new one.
void occupy_main(World& world, const Blueprint& blueprint, ServiceId service);
void release_main(World& world, const Blueprint& blueprint, ServiceId service);

// It has ended.
void release_all(World& world, ResidentId id);
template <class Process>
void end_residence(World& world, const Process& spec) {
  if (!spec.resident.is_none()) release_all(world, spec.resident);
  if (!spec.heap.is_none()) world.heaps[spec.heap].begin_anew();
}

// The process has accepted a connection, or closed one.
void occupy_connection(World& world, const Blueprint& blueprint, ResidentId id);
void release_connection(World& world, const Blueprint& blueprint, ResidentId id);

// A step of a request takes memory in its process. It may be killed for that, or wait: then comes
// CallsDone.
enum class MemoryStep : std::uint8_t { done, waits, dies };
MemoryStep take_memory(World& world, const Blueprint& blueprint, ResidentId id, RequestId request,
                       std::uint16_t step);

// The request makes its objects in that process: the CPU of the garbage collections meanwhile.
CpuTime make_objects(World& world, HeapId heap, RequestId request);

// The request leaves the process.
inline void give_memory_back(World& world, Request& request) {
  if (!request.heap.is_none()) world.heaps[std::exchange(request.heap, HeapId::none())].drop();
  if (request.held.is_zero()) return;
  world.memcg.give_back(request.holder, std::exchange(request.held, Bytes(0)), world.events.now());
}

// When everything else of that instant is over.
void on_oom_kill(World& world, const Blueprint& blueprint, ResidentId id, Effects& effects);
void on_memory_leaks(World& world, const Blueprint& blueprint, ResidentId id);

}  // namespace cotenant
