// SPDX-License-Identifier: Apache-2.0
//
// One setup, compiled: dense ids, integers, tables. It never changes while runs use it, and may be
// shared by any number of them. scenarios/compile.h makes it from a Scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/ids.h"
#include "models/machine/machine.h"
#include "models/memory/spec.h"
#include "models/neighbor/spec.h"
#include "models/network/descriptors.h"
#include "models/network/local_ports.h"
#include "models/python/heap.h"
#include "models/server/service.h"
#include "models/service/call_spec.h"
#include "models/service/kept_spec.h"
#include "models/service/pool_spec.h"
#include "models/service/upstream.h"
#include "models/workload/sender.h"
#include "models/workload/source.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

struct Blueprint {
  // Defined in one place: all the parts make long code, which every file that holds one would
  // repeat.
  Blueprint();
  Blueprint(const Blueprint& other);
  Blueprint(Blueprint&& other) noexcept;
  Blueprint& operator=(const Blueprint& other);
  Blueprint& operator=(Blueprint&& other) noexcept;
  ~Blueprint();

  std::string setup;

  // The hardware (kHardware), and the virtual machines on it; then each further node in the same
  // way. A host comes before its guests.
  IdVector<MachineId, MachineSpec> machines;
  Duration network_rtt;  // between nodes; zero where there is one only

  // The application on them.
  IdVector<ServiceId, ServiceSpec> services;
  IdVector<WorkerId, WorkerSpec> workers;
  IdVector<ProcessId, ProcessSpec> processes;
  IdVector<ThreadId, ThreadSpec> threads;
  IdVector<DescriptorsId, std::uint32_t> descriptors;  // that are left for connections

  MemorySpec memory;
  IdVector<HeapId, CollectorSpec> heaps;  // of processes whose garbage collections count

  // The other tenants.
  IdVector<NeighborId, NeighborSpec> neighbors;

  // The workload. Operations of services come after the request classes.
  IdVector<ClassId, ClassSpec> classes;
  IdVector<SourceId, SourceSpec> sources;
  std::uint32_t users = 0;  // of all closed sources
  SenderSpec clients;
  std::optional<RouterSpec> router;  // of the platform; none: it waits as long as clients do
  LinksSpec links;
  // Clients keep connections: those of open sources at most so many idle ones to each service, all
  // together, and each closed user one to each. None: a connection for each attempt.
  std::optional<std::uint32_t> shared_connections;

  // Between services.
  IdVector<CallSpecId, CallSpec> calls;
  IdVector<UpstreamId, UpstreamSpec> upstreams;
  IdVector<PoolId, PoolSpec> pools;
  std::vector<KeptSpec> kept;  // by processes that call
  IdVector<LockId, LockSpec> locks;

  // How many of the classes are clients' requests; the others are operations.
  std::uint32_t request_classes() const;
  std::uint32_t operations() const { return classes.size() - request_classes(); }

  TaskOwner owner(TaskRef ref) const { return machines[ref.machine].owners[ref.task]; }
  // Of a thread.
  ProcessId process_of(TaskRef ref) const { return threads[ThreadId(owner(ref).id)].process; }
  // Of one that serves one request at a time; none: it is a thread of a process.
  WorkerId worker_of(TaskRef ref) const;
  const CpuTask& task(TaskRef ref) const { return machines[ref.machine].cpu.tasks[ref.task]; }

  // Who keeps the connections of a request's client, those of a proxy's process to the servers
  // behind it, and those of another process to a service that it calls, and how it keeps them.
  // None: nobody does.
  KeeperId keeper_of(ServiceId service, UserId user) const;
  // Sessions come after the users of closed sources.
  KeeperId keeper_of(ServiceId service, SessionId session) const;
  UserId user_of(SessionId session) const { return UserId(users + session.index()); }
  SessionId session_of(UserId user) const { return SessionId(user.index() - users); }
  bool is_session(UserId user) const { return !user.is_none() && user.index() >= users; }
  KeeperId keeper_of(ProcessId proxy) const;
  KeeperId keeper_of(TaskRef caller, ServiceId service) const;
  KeeperId keeper_of_kept(std::uint32_t kept) const;
  Keeping keeping_of(KeeperId keeper) const;
  // The keepers that are processes, numbered from zero: proxies by their processes, then the
  // others.
  std::uint32_t row_of(KeeperId keeper) const { return keeper.index() - clients_as_keepers(); }
  KeeperId keeper_in(std::uint32_t row) const { return KeeperId(clients_as_keepers() + row); }
  // The servers behind a process of a proxy; null: it is none.
  const UpstreamSpec* upstream_of(ProcessId process) const;
  std::size_t keepers() const;  // without those of sessions, which come after them
  bool proxies_keep() const;
  std::uint32_t most_kept_for_calls() const;

  // The local ports of that machine towards the service; none: calls to it need no port.
  PortsId ports_of(MachineId from, ServiceId to) const;
  PortTable port_table() const;
  // The services of one are called from the other over the network between them, which takes time.
  // What is elsewhere, none, says itself how long it takes.
  bool are_apart(MachineId from, MachineId to) const {
    return !to.is_none() && hardware_of(from) != hardware_of(to);
  }

  // The file descriptors of which a connection to the service takes one; none: that is not counted.
  DescriptorsId descriptors_of(TaskRef from, ServiceId to) const;
  DescriptorTable descriptor_table() const;

  // Whether what clients send and receive takes time, or has a limit.
  bool has_transfers() const;

  // Whether any computer has a disk, or groups for whose sake tasks sleep, as if for one.
  bool has_disks() const;
  // The computer that has the disk which that one uses: itself or its host.
  MachineId disk_of(MachineId id) const {
    const MachineSpec& machine = machines[id];
    return machine.disk || !machine.is_guest() ? id : machine.host;
  }

  // Whether that one has a disk, or its host has.
  bool has_disk(MachineId id) const { return machines[disk_of(id)].disk.has_value(); }

  // True when runs with different seeds can differ.
  bool is_random() const;

  // That a machine is, or is on.
  MachineId hardware_of(MachineId id) const {
    return machines[id].is_guest() ? machines[id].host : id;
  }

 private:
  KeptRange kept_by(TaskRef caller) const;
  Keeping keeping_of_process(std::uint32_t row) const;
  bool processes_keep() const { return proxies_keep() || !kept.empty(); }
  std::uint32_t clients_as_keepers() const;
};

}  // namespace cotenant
