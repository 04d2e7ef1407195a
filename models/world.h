// SPDX-License-Identifier: Apache-2.0
//
// Everything that changes in a run, in one value. Copying it is a snapshot; two copies that are
// stepped alike stay alike. Fields are grouped by who writes them. Observation is not part of it:
// see models/recorder.h.
#pragma once

#include <cstdint>

#include "models/blueprint.h"
#include "models/chance.h"
#include "models/disk/state.h"
#include "models/effects.h"
#include "models/event.h"
#include "models/machine/machine.h"
#include "models/memory/controller.h"
#include "models/neighbor/contention.h"
#include "models/neighbor/neighbor.h"
#include "models/network/connections.h"
#include "models/network/transfer.h"
#include "models/python/heap.h"
#include "models/request/request.h"
#include "models/server/state.h"
#include "models/service/state.h"
#include "models/workload/arrivals.h"
#include "models/workload/session.h"
#include "sim/engine/event_set.h"

namespace cotenant {

struct World {
  // The world at instant zero: first arrivals scheduled, all workers idle. A tie salt other than
  // zero puts events of equal instant and phase in another order: for tests that none of it
  // matters.
  World(const Blueprint& blueprint, std::uint64_t seed, std::uint64_t replication,
        std::uint64_t tie_salt = 0);

  // Written by step(): what is due, and the clock.
  EventSet<Event> events;

  // Written by models/workload.
  IdVector<SourceId, SourceState> sources;
  IdVector<UserId, std::uint32_t> user_cycles;  // requests each closed user has made
  SessionTable sessions;
  std::uint64_t session_requests = 0;  // that sessions have made
  RequestTable requests;               // accounts are also written by models/server
  TransferTable transfers;

  // Written by models/service.
  CallTable calls;
  IdVector<ProcessId, Upstream> upstreams;  // as each process of a proxy sees its own
  IdVector<PoolId, PoolState> pools;
  IdVector<CallSpecId, std::int64_t> call_retry_tokens;  // by models/workload
  std::vector<Timer> keep_timers;  // of processes that keep connections; by models/workload

  // Written by models/server.
  IdVector<ServiceId, ServiceState> services;
  IdVector<WorkerId, WorkerState> workers;
  IdVector<LockId, LockState> locks;
  IdVector<ProcessId, ProcessState> processes;
  IdVector<ThreadId, ThreadState> threads;  // also by models/python
  MemoryController memcg;
  IdVector<HeapId, Heap> heaps;
  IdVector<ResidentId, Timer> leak_timers;

  // Written by models/workload and models/server, one for each end.
  Connections connections;

  // Written by models/neighbor.
  IdVector<NeighborId, NeighborState> neighbors;
  IdVector<MachineId, Contention> contention;  // empty where no neighbor slows others down

  // Constant in a run: the keys of its random numbers.
  Chance chance;

  // Written by models/cpu, and by models/machine in between.
  IdVector<MachineId, MachineState> machines;

  // Written by models/disk. Empty where no computer has one.
  IdVector<MachineId, DiskState> disks;

  // Empty between steps; kept here so that a step allocates nothing.
  Effects effects;
  std::vector<Completion> completed;

  // Every machine, source, worker, neighbor, thread, service, process and disk has one slot in the
  // event set.
  Slot slot(MachineId id) const { return Slot(id.index()); }
  Slot slot(SourceId id) const { return Slot(machines.size() + id.index()); }
  Slot slot(WorkerId id) const { return Slot(machines.size() + sources.size() + id.index()); }
  Slot slot(NeighborId id) const {
    return Slot(machines.size() + sources.size() + workers.size() + id.index());
  }
  Slot slot(ThreadId id) const {
    return Slot(machines.size() + sources.size() + workers.size() + neighbors.size() + id.index());
  }
  Slot slot(ServiceId id) const {
    return Slot(machines.size() + sources.size() + workers.size() + neighbors.size() +
                threads.size() + id.index());
  }
  Slot slot(ProcessId id) const {
    return Slot(machines.size() + sources.size() + workers.size() + neighbors.size() +
                threads.size() + services.size() + id.index());
  }

  Slot disk_slot(MachineId id) const {
    return Slot(machines.size() + sources.size() + workers.size() + neighbors.size() +
                threads.size() + services.size() + processes.size() + id.index());
  }

  // The state a run continues from: equal hashes, equal futures.
  std::uint64_t hash() const;

  // What this world occupies, as far as it grows with the run.
  Bytes memory() const {
    Bytes of_disks;
    for (const DiskState& disk : disks) of_disks += disk.device.memory();
    return requests.memory() + sessions.memory() + connections.memory() + calls.memory() +
           transfers.memory() + events.memory() + of_disks;
  }
};

// Nothing, if it does not run.
inline void stop_timer(World& world, Timer& timer) {
  if (timer.is_none()) return;
  world.events.cancel(timer);
  timer = Timer::none();
}

// For memory.pressure: a task may run from now on (1), or does not want to (-1).
inline void count_runnable(World& world, const Blueprint& blueprint, TaskRef task,
                           std::int64_t more) {
  if (!world.memcg.may_stall()) return;
  world.memcg.count_runnable(task.machine, blueprint.task(task).group, more, world.events.now());
}

// What it takes to compute that, beside neighbors that use the same caches.
inline CpuTime beside_neighbors(const World& world, const Blueprint& blueprint, TaskRef task,
                                CpuTime work) {
  return world.contention.empty() ? work : slowed_down(world, blueprint, task.machine, work);
}

// Another row for the same request: an attempt, or a delivery. Its calls and its account are its
// own.
RequestId add_row_of(World& world, const Request& request);

// The account of a request as of now, with the CPU burst in progress divided into its states. What
// a proxy passes on is held up by what holds it up at the server behind it.
WaitTimes account_so_far(const World& world, RequestId request);
// Makes that its account, before the burst is taken from a task, or the answer from a proxy, whose
// request goes on.
void settle_account(World& world, RequestId request);

}  // namespace cotenant
