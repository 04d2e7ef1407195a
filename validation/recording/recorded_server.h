// SPDX-License-Identifier: Apache-2.0
//
// The server of a recording, as services of a scenario.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/scenario.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// Names of the services.
inline constexpr const char* kRecordedServer = "server";
inline constexpr const char* kRecordedProxy = "proxy";  // in front of it, if there is one

// Why no scenario has such a server, as a sentence; empty if there is one.
std::string why_server_is_not_modeled(const RecordedServer& server);

// The rest is for servers that are modeled.

// Their own CPU costs are those of their presets, times the factor. The server is the last one; it
// has no memory.
Named<Service> services_of(const RecordedServer& server, double overhead_factor);

// All requests of a process run in one thread: who blocks it, blocks them all.
bool has_loops(const RecordedServer& server);

// The threads of a process share Python's lock.
bool has_threads(const RecordedServer& server);

// How many requests it serves at once.
std::int64_t slots_of(const RecordedServer& server);

}  // namespace cotenant
