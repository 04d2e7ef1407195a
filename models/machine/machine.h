// SPDX-License-Identifier: Apache-2.0
//
// A computer: the hardware of a setup or of one of its nodes, or a virtual machine on it. Its
// compiled form, and what changes of it in a run. The CPU time of a guest comes from its host,
// where each of its virtual CPUs is a task like any other; models/machine/guests.h keeps the two in
// step. Mechanism and evidence: docs/models/guests.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "models/cpu/cpu.h"
#include "models/cpu/scheduler.h"
#include "models/disk/spec.h"
#include "models/ids.h"
#include "models/network/local_ports.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

inline constexpr MachineId kHardware{0};

// A task of some machine.
struct TaskRef {
  MachineId machine;
  TaskId task;
};

// Whose CPU time it is. Virtual CPUs want CPU without end, so nobody waits for them to be done.
struct TaskOwner {
  enum class Kind : std::uint8_t {
    worker,
    neighbor,
    virtual_cpu,
    gthread_main,
    gthread_pool,
    event_loop,
    loop_pool,
    redis,
    backend,       // of a PostgreSQL server
    follower,      // a thread that accepts for itself
    instance,      // a process that is started on demand
    celery_child,  // of the pool of a Celery worker
    poller,        // a process that looks for work itself
    log_daemon,    // uses no CPU
  };
  Kind kind;
  std::uint32_t id;  // of the worker, neighbor or thread; of a virtual CPU, its guest

  // Serves one request at a time, for whoever calls others.
  bool is_worker() const {
    return kind == Kind::worker || kind == Kind::instance || kind == Kind::celery_child ||
           kind == Kind::poller;
  }
  bool is_application() const {
    return kind != Kind::neighbor && kind != Kind::virtual_cpu && kind != Kind::log_daemon;
  }
};

struct MachineSpec {
  std::string name;          // of a node or guest; the hardware of the setup has none
  bool is_provided = false;  // with a service that others run: it counts nowhere
  SchedulerKind scheduler = SchedulerKind::fluid;
  std::uint32_t local_ports = kLocalPorts;  // towards each address
  TimeWaitReuse time_wait_reuse = TimeWaitReuse::loopback;
  CpuTopology cpu;
  IdVector<GroupId, std::string> group_names;
  // When the quota timer of each group ticks; nullopt: at a random time, drawn for each run.
  IdVector<GroupId, std::optional<Duration>> quota_phases;
  IdVector<TaskId, TaskOwner> owners;

  std::optional<DiskSpec> disk;  // none: a guest uses that of its host, if that has one
  std::optional<LogDaemonSpec> log_daemon;

  // Of a guest: where it runs, and as which tasks there its cores do. Empty for the hardware.
  MachineId host;
  IdVector<CoreId, TaskId> virtual_cpus;

  bool is_guest() const { return !host.is_none(); }

  GroupId add_group(std::string group_name, CpuGroup group,
                    std::optional<Duration> quota_phase = std::nullopt) {
    group_names.push_back(std::move(group_name));
    quota_phases.push_back(quota_phase);
    return cpu.groups.push_back(group);
  }
  TaskId add_task(const CpuTask& task, TaskOwner owner) {
    owners.push_back(owner);
    return cpu.tasks.push_back(task);
  }
};

struct VirtualCpu {
  bool wanted = false;  // its guest has something to run on it
  Speed supply = 0;     // what the host gives it
  Duration stolen;      // wanted and not given, until it was last not wanted
};

struct MachineState {
  Cpu cpu;
  IdVector<CoreId, VirtualCpu> virtual_cpus;
  bool touched = true;  // in this step: what it is due for, wants and gives may be different now

  void hash_into(Hasher& hasher) const;
};

}  // namespace cotenant
