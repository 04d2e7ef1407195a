// SPDX-License-Identifier: Apache-2.0
//
// The request inspector: picks requests of the first replication of a setup, and says where their
// time went, piece by piece. Nothing is stored in advance: a run can be repeated exactly, so it is
// run once to find the requests and once more to watch them. docs/cli.md, "inspect".
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/request/outcome.h"
#include "models/request/wait_state.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

// Time in one state without a break. Times in seconds, from the arrival of the request.
struct TraceSpan {
  double begin = 0, end = 0;
  WaitState state = WaitState::cpu;
  // Who served it: "web"; empty: nobody yet.
  std::string service;
  // What held it, where that has a name: of `throttled` the groups with a cpu.max around its task,
  // of `stolen` its machine, of `downstream` what it called.
  std::string by;
  // Pieces of the same booking alternated within the time that they have together: of a CPU burst
  // it is known how long it ran and how long it waited, not in which order. They are put after
  // each other, waiting first.
  std::uint64_t booking = 0;
};

// The request, one of its failed attempts, or a call that was made for it.
struct TraceRow {
  enum class Kind : std::uint8_t { request, attempt, call };
  Kind kind = Kind::request;
  std::size_t parent = 0;  // a row before it; the first one has none
  std::string name;        // of the request class, or of the operation: "database.list"
  double begin = 0, end = 0;
  Outcome outcome = Outcome::censored;
  std::vector<TraceSpan> spans;  // in the order of time; they fill begin to end
};

// A state in which it was held, the longest first.
struct TraceShare {
  WaitState state = WaitState::cpu;
  double seconds = 0;
  std::uint64_t times = 0;  // pieces
  std::string by;           // as of its pieces: all the different ones
};

struct TracedRequest {
  std::optional<double> percentile;  // that it was looked for at
  double wanted = 0;                 // the latency that was looked for, s
  std::string source, request_class;
  std::uint64_t ordinal = 0;  // in its source
  double arrival = 0;         // s from the start of the run
  double latency = 0;         // s; of the rows, the first has the same
  Outcome outcome = Outcome::censored;
  std::uint64_t attempts = 1;
  std::vector<TraceShare> shares;   // they sum to the latency
  std::vector<TraceRow> rows;       // the request first
  std::uint64_t rows_left_out = 0;  // calls and attempts, where there are too many
};

struct Inspection {
  std::string setup;
  std::uint64_t replication = 0;
  double warmup = 0;                  // s; only requests that arrive later are picked
  std::uint64_t requests = 0;         // from which these were picked
  std::vector<TracedRequest> traces;  // in the order in which they were asked for
  std::string why_none;               // in a sentence, where there are none
};

struct InspectOptions {
  std::string setup;          // its name; empty: the first that can run
  std::string request_class;  // its name; empty: any
  Outcome outcome = Outcome::completed;
  // Which requests: those nearest to these percentiles (99 is 0.99) and latencies (s).
  std::vector<double> percentiles;
  std::vector<double> latencies;

  std::optional<std::uint64_t> seed;  // instead of the scenario's
  std::optional<double> warmup;  // s: that of a report of the same scenario, which saves its search
  unsigned jobs = 1;             // threads, to search the warm-up
  const std::atomic<bool>* stop = nullptr;  // set by anyone: it ends soon, without traces
};

// Setup and class must exist. Throws std::runtime_error when a file that the scenario names cannot
// be read.
Checked<Inspection> inspect(const Scenario& scenario, const std::filesystem::path& directory,
                            const InspectOptions& options);

}  // namespace cotenant
