// SPDX-License-Identifier: Apache-2.0
//
// What can be seen from outside at one instant: who is in a burst of CPU, and whether it is still
// the same; which connections are in use.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>

#include "models/neighbor/neighbor.h"
#include "models/workload/transfers.h"
#include "models/world.h"
#include "tests/support/invariants.h"

namespace cotenant {

inline bool wants_cpu(WorkerPhase phase) {
  return phase != WorkerPhase::idle && phase != WorkerPhase::waiting &&
         phase != WorkerPhase::gone && phase != WorkerPhase::locking &&
         phase != WorkerPhase::asking;
}

// Without a lock, or outside of it, a thread computes in every phase in which it does not sleep.
inline bool wants_cpu(const ThreadState& thread, bool has_gil) {
  if (thread.python.gil == GilUse::coming || thread.python.gil == GilUse::holding) return true;
  if (thread.python.gil != GilUse::none) return false;
  const bool sleeps = thread.phase == ThreadPhase::selecting || thread.phase == ThreadPhase::idle ||
                      thread.phase == ThreadPhase::sleeping ||
                      thread.phase == ThreadPhase::leaving || thread.phase == ThreadPhase::gone;
  return has_gil ? thread.python.outside : !sleeps;
}

// The processes of a database.
inline void count_backends(const World& world, const PostgresSpec& server, DatabaseCounts& counts) {
  for (std::uint32_t b = 0; b < server.backends; ++b) {
    const WorkerState& backend = world.workers[WorkerId(server.first_backend.index() + b)];
    if (backend.phase == WorkerPhase::gone) ++counts.vacant;
    if (backend.phase == WorkerPhase::idle) ++counts.idle;
    if (backend.phase != WorkerPhase::gone) ++counts.open;
  }
}

// Two looks at a thread in the same burst of CPU. Those of an event loop can be alike: see
// count_bursts().
struct ThreadLook {
  ThreadState thread;
  std::uint16_t step = 0;  // of its request
};
inline bool same_burst(const ThreadLook& a, const ThreadLook& b) {
  const PythonThread& before = a.thread.python;
  const PythonThread& after = b.thread.python;
  return a.thread.phase == b.thread.phase && a.step == b.step && before.request == after.request &&
         before.gil == after.gil && before.work == after.work;
}
inline bool same_burst(const WorkerState& a, const WorkerState& b) {
  return a.phase == b.phase && a.step == b.step && a.request == b.request;
}
inline bool same_burst(const NeighborState& a, const NeighborState& b) {
  return a.phase == b.phase && a.bursts == b.bursts;
}

// Who has computed a while may be held back.
inline bool has_quotas(const MachineSpec& machine) {
  return std::any_of(machine.cpu.groups.begin(), machine.cpu.groups.end(),
                     [](const CpuGroup& group) { return group.bandwidth.has_value(); });
}

// The server is done with a request whose client has not got all of the reply yet.
inline std::set<ConnectionId> used_to_receive(const World& world) {
  std::set<ConnectionId> result;
  world.requests.for_each([&](RequestId id, const Request& request) {
    if (!request.connection.is_none() && is_receiving(world, id)) result.insert(request.connection);
  });
  return result;
}

// What control groups have, added up process by process and request by request.
Complaints memory_complaints(const World& world, const Blueprint& blueprint);

// The same of file descriptors.
Complaints descriptor_complaints(const World& world, const Blueprint& blueprint,
                                 const Blueprint& judged_by);

}  // namespace cotenant
