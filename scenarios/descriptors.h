// SPDX-License-Identifier: Apache-2.0
//
// File descriptors of the processes of a service: how many there may be, and how many a process has
// open itself, before anybody connects. Measured are /proc/PID/fd of Debian 12's gunicorn 20.1.0,
// gevent 22.10.2 and nginx 1.22.1, and of asyncio's event loop in CPython 3.11, with standard
// output and error each open once (docs/models/sockets.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/scenario.h"
#include "sim/base/units.h"

namespace cotenant {

struct OwnDescriptors {
  std::string_view server;  // as in a scenario
  std::int64_t count;
  std::string_view source;
};
inline constexpr std::string_view kDescriptorsCounted = "counted in /proc/PID/fd";
inline constexpr std::array<OwnDescriptors, 7> kOwnDescriptors = {{
    {"gunicorn-sync", 9, kDescriptorsCounted},
    {"gunicorn-gthread", 10, kDescriptorsCounted},
    {"gunicorn-gevent", 11, kDescriptorsCounted},
    {"uvicorn", 7, "counted of asyncio, by itself"},
    {"hypercorn", 7, "counted of hypercorn 0.13.2 without other workers"},
    {"gunicorn-uvicorn", 12, "assumed: those of a sync worker, and the 3 of asyncio's loop"},
    {"nginx", 9, kDescriptorsCounted},
}};

// What one failed accept() costs asyncio of CPython 3.11: 43,007 of them, each with its traceback
// in a log, took 2.83 s.
inline constexpr CpuTime kFailedAcceptCpu{66'000};

// As said; none: they are not counted.
std::optional<std::int64_t> nofile_of(const Service& service);

// Of a process of a server that may say how many there are.
std::int64_t own_descriptors(const Service& service);

}  // namespace cotenant
