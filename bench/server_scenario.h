// SPDX-License-Identifier: Apache-2.0
//
// The scenarios of the server benchmarks, as a user would write them, and the way from text to
// report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/blueprint.h"
#include "models/run_record.h"
#include "study/report.h"

namespace cotenant {

enum class ServerCase : std::uint8_t {
  uncontended,        // one worker with a core of its own
  four_workers,       // four workers on one core
  quota,              // the same with cpu.max of half a core
  neighbors,          // the same beside a group of four tasks that never stop computing
  eevdf_uncontended,  // as uncontended and neighbors, on Linux's own scheduler
  eevdf_neighbors,
};

// 250 requests a second of 1 ms CPU each for `seconds` of simulated time, in each of
// `replications`. Nothing is left out as warm-up.
std::string server_scenario(ServerCase which, std::uint64_t seconds,
                            std::uint64_t replications = 1);

// An event loop that holds 10,000 connections, all of them kept: users who think for 4 s on
// average, 2,500 requests a second of 50 us CPU each.
std::string kept_connections_scenario(std::uint64_t seconds);

// M/M/1 at 90 % load, 900 requests a second: the mean latency is exactly 10 ms.
std::string mm1_scenario(std::uint64_t seconds);

// The whole way: decode, compile, run, summarize. Throws when the text is not accepted.
Report report_of(const std::string& text, unsigned jobs = 1);

// The first setup, to measure runs alone.
Blueprint blueprint_of(const std::string& text);

// Requests that were served, in all replications; those of the neighbors never are.
std::uint64_t served(const Report& report);
std::uint64_t served(const RunRecord& record);

}  // namespace cotenant
