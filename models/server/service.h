// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a service: gunicorn's sync workers behind one kernel accept queue, and the
// CPU that the server itself spends on a request. Mechanism and evidence:
// docs/models/sync-workers.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "models/cpu/scheduler.h"
#include "models/ids.h"
#include "models/machine/machine.h"
#include "sim/base/units.h"

namespace cotenant {

// The phases in which the server spends CPU of its own.
enum class ServerPhase : std::uint8_t {
  accept,         // from wake-up, or from the end of the last request, until the application starts
  respond,        // from the end of the application until the client has the reply
  finish,         // after the reply: costs capacity, not latency
  spurious_wake,  // woken for a connection that another worker took
};
inline constexpr std::size_t kServerPhases = 4;

// The code of a phase is hot right after it ran in this process and cold a while later, by wall
// time.
struct PhaseCpu {
  CpuTime hot, cold;
};

struct OverheadSpec {
  std::array<PhaseCpu, kServerPhases> phases{};
  Duration cold_after;

  const PhaseCpu& operator[](ServerPhase phase) const {
    return phases[static_cast<std::size_t>(phase)];
  }
};

struct ServiceSpec {
  std::string name;
  WorkerId first_worker;
  std::uint32_t workers = 1;
  std::uint32_t accept_queue_capacity = 2049;  // min(backlog, somaxconn) + 1
  std::optional<std::uint32_t> limit_concurrency;
  OverheadSpec overhead;
};

struct WorkerSpec {
  ServiceId service;
  TaskRef task;
};

}  // namespace cotenant
