// SPDX-License-Identifier: Apache-2.0
#include "models/world.h"

#include "models/disk/file_io.h"
#include "models/machine/guests.h"
#include "models/server/server.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// At one instant a new connection wakes every idle worker of a service, and every task may
// complete; each writes a handful of effects before the first is delivered. A process that ends
// closes all that it has kept.
std::size_t effects_capacity(std::size_t tasks, std::size_t kept) { return 4 * tasks + kept + 16; }

std::size_t tasks_of(const Blueprint& blueprint) {
  std::size_t tasks = 0;
  for (const MachineSpec& machine : blueprint.machines) tasks += machine.cpu.tasks.size();
  return tasks;
}

// What a proxy has made of the request and waits for; none: nothing.
RequestId passed_on(const World& world, RequestId id) {
  if (world.requests[id].state != WaitState::downstream) return RequestId::none();
  const RequestId first = world.calls[id].first;
  return !first.is_none() && world.calls[first].is_passed_on() ? first : RequestId::none();
}

IdVector<MachineId, MachineState> machines_of(const Blueprint& blueprint, const Chance& chance) {
  IdVector<MachineId, MachineState> machines;
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    const MachineSpec& spec = blueprint.machines[MachineId(m)];
    const MachineChance& phases = chance.machines[MachineId(m)];
    machines.push_back({Cpu(spec.scheduler, spec.cpu, phases.quota_phases, phases.tick_phases),
                        IdVector<CoreId, VirtualCpu>(spec.virtual_cpus.size()), true});
  }
  return machines;
}

// Jiffies are counted in the ticks of the first core: all have them at the same instants.
DiskState disk_of(const Blueprint& blueprint, MachineId id, const MachineChance& chance) {
  DiskState state;
  const MachineSpec& machine = blueprint.machines[id];
  state.disk = blueprint.disk_of(id);
  state.accesses = IdVector<TaskId, FileAccess>(machine.cpu.tasks.size());
  if (machine.log_daemon) state.log = LogQueue(machine.log_daemon->room);
  if (!machine.disk) return state;
  const JiffyClock clock(machine.disk->tick, chance.tick_phases.front(), chance.jiffies);
  state.device = BlockDevice(*machine.disk, clock);
  return state;
}

IdVector<MachineId, DiskState> disks_of(const Blueprint& blueprint, const Chance& chance) {
  IdVector<MachineId, DiskState> disks;
  if (!blueprint.has_disks()) return disks;
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    const MachineId id(m);
    disks.push_back(disk_of(blueprint, id, chance.machines[id]));
  }
  return disks;
}

IdVector<PoolId, PoolState> pools_of(const Blueprint& blueprint) {
  IdVector<PoolId, PoolState> pools(blueprint.pools.size());
  for (std::uint32_t p = 0; p < pools.size(); ++p) {
    pools[PoolId(p)].idle = BoundedQueue<WorkerId>(blueprint.pools[PoolId(p)].size);
  }
  return pools;
}

IdVector<HeapId, Heap> heaps_of(const Blueprint& blueprint) {
  IdVector<HeapId, Heap> heaps;
  for (const CollectorSpec& spec : blueprint.heaps) heaps.push_back(Heap(spec));
  return heaps;
}

}  // namespace

World::World(const Blueprint& blueprint, std::uint64_t seed, std::uint64_t replication,
             std::uint64_t tie_salt)
    : events(blueprint.machines.size() + blueprint.sources.size() + blueprint.workers.size() +
             blueprint.neighbors.size() + blueprint.threads.size() + blueprint.services.size() +
             blueprint.processes.size() + (blueprint.has_disks() ? blueprint.machines.size() : 0)),
      sources(blueprint.sources.size()),
      user_cycles(blueprint.users, 0),
      transfers(blueprint.has_transfers()),
      calls(!blueprint.calls.empty() || !blueprint.upstreams.empty()),
      upstreams(blueprint.processes.size()),
      pools(pools_of(blueprint)),
      call_retry_tokens(blueprint.calls.size(), 0),
      keep_timers(blueprint.processes.size() + blueprint.kept.size()),
      services(blueprint.services.size()),
      workers(blueprint.workers.size()),
      locks(blueprint.locks.size()),
      processes(blueprint.processes.size()),
      threads(blueprint.threads.size()),
      memcg(blueprint.memory),
      heaps(heaps_of(blueprint)),
      leak_timers(blueprint.memory.residents.size()),
      connections(blueprint.keepers(), blueprint.port_table(), blueprint.descriptor_table()),
      neighbors(blueprint.neighbors.size()),
      contention(contention_in(blueprint)),
      chance(blueprint, seed, replication),
      machines(machines_of(blueprint, chance)),
      disks(disks_of(blueprint, chance)),
      effects(effects_capacity(tasks_of(blueprint), blueprint.most_kept_for_calls())) {
  events.set_tie_salt(tie_salt);
  completed.reserve(tasks_of(blueprint));
  start_guests(*this, blueprint);
  start_services(*this, blueprint);
  start_neighbors(*this, blueprint);
  start_workload(*this, blueprint);
}

std::uint64_t World::hash() const {
  Hasher hasher;
  hasher.add_signed(events.now().ns());
  events.hash_into(hasher);
  for (const SourceState& source : sources) source.hash_into(hasher);
  for (const std::uint32_t cycle : user_cycles) hasher.add(cycle);
  if (session_requests > 0) {
    hasher.add(session_requests);
    sessions.hash_into(hasher);
  }
  requests.hash_into(hasher);
  if (calls.in_use()) {
    requests.for_each([&](RequestId id, const Request&) { calls[id].hash_into(hasher); });
  }
  if (transfers.in_use()) {
    requests.for_each([&](RequestId id, const Request&) { transfers[id].hash_into(hasher); });
  }
  for (const Upstream& upstream : upstreams) upstream.hash_into(hasher);
  for (const std::int64_t tokens : call_retry_tokens) hasher.add_signed(tokens);
  for (const PoolState& pool : pools) pool.hash_into(hasher);
  for (const ServiceState& service : services) service.hash_into(hasher);
  for (const WorkerState& worker : workers) worker.hash_into(hasher);
  for (const LockState& lock : locks) lock.hash_into(hasher);
  for (const ProcessState& process : processes) process.hash_into(hasher);
  for (const ThreadState& thread : threads) thread.hash_into(hasher);
  memcg.hash_into(hasher);
  for (const Heap& heap : heaps) heap.hash_into(hasher);
  connections.hash_into(hasher);
  for (const NeighborState& neighbor : neighbors) neighbor.hash_into(hasher);
  for (const Contention& each : contention) each.hash_into(hasher);
  for (const MachineState& machine : machines) machine.hash_into(hasher);
  for (const DiskState& disk : disks) disk.hash_into(hasher);
  return hasher.value();
}

RequestId add_row_of(World& world, const Request& request) {
  const Request same = request;  // the table may move
  const RequestId id = world.requests.add();
  Request& row = world.requests[id];
  row.ordinal = same.ordinal;
  row.source = same.source;
  row.recorded = same.recorded;
  row.request_class = same.request_class;
  row.user = same.user;
  row.arrival = same.arrival;
  world.calls.reset(id);
  if (world.transfers.in_use()) world.transfers.reset(id);
  return id;
}

void settle_account(World& world, RequestId id) {
  Request& request = world.requests[id];
  request.times = account_so_far(world, id);
  request.since = world.events.now();
  request.burst = {};
}

WaitTimes account_so_far(const World& world, RequestId id) {
  const Instant now = world.events.now();
  if (world.requests[id].since == now) return world.requests[id].times;
  Request copy = world.requests[id];
  const bool on_cpu = copy.state == WaitState::cpu || copy.state == WaitState::server_cpu ||
                      copy.state == WaitState::gc;
  if (copy.state == WaitState::disk_service) {
    book_io(copy, io_so_far(world, copy), now);
  } else if (on_cpu) {
    const Cpu& cpu = world.machines[copy.task.machine].cpu;
    book_burst(copy, cpu.burst_so_far(copy.task.task, now), now);
  } else if (const RequestId at_server = passed_on(world, id); !at_server.is_none()) {
    enter(copy, copy.state, world.requests[at_server].arrival);
    add_unchecked(copy.times, account_so_far(world, at_server));
  } else {
    enter(copy, copy.state, now);
  }
  return copy.times;
}

}  // namespace cotenant
