// SPDX-License-Identifier: Apache-2.0
//
// One setup, compiled: dense ids, integers, tables. It never changes while runs use it, and may be
// shared by any number of them. scenarios/compile.h makes it from a Scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/cpu/cpu.h"
#include "models/cpu/scheduler.h"
#include "models/ids.h"
#include "models/neighbor/spec.h"
#include "models/server/service.h"
#include "models/workload/source.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

struct Blueprint {
  std::string setup;

  // The machine.
  SchedulerKind scheduler = SchedulerKind::fluid;
  CpuTopology cpu;
  // When the quota timer of each group ticks; nullopt: at a random time, drawn for each run.
  IdVector<GroupId, std::optional<Duration>> quota_phases;
  IdVector<GroupId, std::string> group_names;

  // The application on it.
  IdVector<ServiceId, ServiceSpec> services;
  IdVector<WorkerId, WorkerSpec> workers;

  // The other tenants of the machine.
  IdVector<NeighborId, NeighborSpec> neighbors;

  // The workload.
  IdVector<ClassId, ClassSpec> classes;
  IdVector<SourceId, SourceSpec> sources;
  std::uint32_t users = 0;  // of all closed sources
  std::optional<Duration> client_timeout;

  // Worker w runs as task w, and the neighbors' tasks follow those of the workers: step() relies on
  // it.
  bool is_worker(TaskId task) const { return task.index() < workers.size(); }
  WorkerId worker_of(TaskId task) const { return WorkerId(task.index()); }
  NeighborId neighbor_of(TaskId task) const {
    return NeighborId(task.index() - static_cast<std::uint32_t>(workers.size()));
  }

  // True when runs with different seeds can differ.
  bool is_random() const;
};

}  // namespace cotenant
