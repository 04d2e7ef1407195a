// SPDX-License-Identifier: Apache-2.0
//
// Physical constants that a scenario uses without stating them, each with where it comes from. A
// preset is a named set of them; scenario files refer to presets by name and may override single
// values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "models/server/service.h"

namespace cotenant {

enum class Origin : std::uint8_t {
  defined,   // nothing physical: an idealization
  measured,  // from a recording
  divided,   // a part of what was measured; how that divides is assumed
  assumed,   // nobody measured it; the report says so
};
constexpr std::string_view to_string(Origin origin) {
  constexpr std::string_view kNames[] = {"defined", "measured", "divided", "assumed"};
  return kNames[static_cast<std::size_t>(origin)];
}

struct OverheadPreset {
  std::string_view name;
  OverheadSpec overhead;
  std::array<Origin, kServerPhases> origins;  // of each phase
  Origin origin;                              // of the whole
  std::string_view software;                  // with its version: "nginx 1.22.1 on Linux 6.18"
  std::string_view source;  // what was measured of that where, or why it is assumed

  Origin origin_of(ServerPhase phase) const { return origins[static_cast<std::size_t>(phase)]; }
};

// CPU that a thread needs to wake up and look at Python's global lock: the return from a futex, a
// mutex and a condition variable. Assumed; it matters little (feasibility.md 8: 1 us instead makes
// the mean of the recordings with the lock 0.5 % worse).
inline constexpr CpuTime kGilTake{5'000};
inline constexpr std::string_view kGilTakeAssumed =
    "a thread that wakes up for Python's global lock needs 5us of CPU to look at it: assumed.";

// A thread that is told on another core that the lock is free takes up to so long to get there, on
// top of what an idle core needs to wake up: uniform, which loses the lock in system calls as often
// as was measured (docs/models/gthread.md, "System calls").
inline constexpr Duration kGilWake = microseconds(20);

// CPU of a new gunicorn worker until it calls accept(), besides importing the application. Measured
// from the death of the only worker to the next reply of an application of a few lines:
// python-servers.md 8.5, 9 ms, or 5 to 7 where it was preloaded.
inline constexpr CpuTime kForkCpu{6'000'000};

// The same of a worker that uvicorn starts as a new process: until Python has started and imported
// asyncio. python-servers.md 3.5: 53 to 56 ms.
inline constexpr CpuTime kSpawnCpu{55'000'000};

// CPU of a Python without an application, until it can run one: python-servers.md 3.5, 9 to 16 ms
// with a warm disk cache.
inline constexpr CpuTime kInterpreterCpu{12'000'000};
inline constexpr std::string_view kInterpreterMeasured =
    "a Python without an application needs 12ms of CPU to start: measured, 9 to 16 ms on Python "
    "3.11 with a warm disk cache.";

// A message costs a server what a request on a kept connection does, and a ping what reading one
// does.
inline constexpr std::string_view kMessagesAssumed =
    "a message over a WebSocket costs a server what a request on a kept connection does: assumed, "
    "its "
    "library was not measured.";

// How late a timed wait of an ordinary thread may end: the default of PR_SET_TIMERSLACK, prctl(2).
inline constexpr Duration kTimerSlack = microseconds(50);

// CPU of a TLS handshake without resumption, by the key of the server's certificate: what a static
// request on a new TLS connection costs nginx 1.22 more than one on a new TCP connection
// (python-servers.md section 5: 512 and 276 us, less 38).
CpuTime tls_handshake(std::string_view key);

// What it costs nginx more to send a file that is larger.
CpuTime cpu_of_sending(Bytes size);

// All presets for the CPU that a server spends on a request besides the application.
std::span<const OverheadPreset> overhead_presets();

// Null when there is none of that name.
const OverheadPreset* overhead_preset(std::string_view name);

}  // namespace cotenant
