// SPDX-License-Identifier: Apache-2.0
//
// A recording, simulated many times: each time with other random phases of the timers that nobody
// recorded. And the one number that may be taken from the run itself, besides what was done to it:
// what a request cost in CPU.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/parameter_set.h"
#include "sim/base/diagnostics.h"
#include "validation/agreement/statistics.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// Where the server's own CPU costs come from.
enum class OverheadSource : std::uint8_t {
  fixed,     // one set of values for all runs: the preset, or fitted parameters
  measured,  // that times one factor, so that a request costs on average what it cost in the
             // run
};

struct SimulationOptions {
  OverheadSource overhead = OverheadSource::fixed;
  std::uint64_t phases = 16;
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  const ParameterSet* parameters = nullptr;  // fitted ones; null: those of presets
  std::vector<double> values;                // of them; empty: the best estimates
  bool latencies_only = false;               // half the work: counters of an interval are left out
  // How close to the measured cost `measured` has to come. CPU per request is known to about 0.1 us
  // (it is written with four decimals of a millisecond).
  double cost_tolerance = 2e-5;
  const std::atomic<bool>* stop = nullptr;  // set by anyone, at any time
};

struct Simulation {
  double overhead_factor = 1;
  bool cost_reached = true;        // false: no factor gives the measured CPU per request
  std::vector<Statistics> phases;  // one, where phases make no difference
};

// For a run that can be replayed (see why_not_replayed()). Nothing when it was stopped.
Checked<std::optional<Simulation>> simulate(const Bundle& bundle, const SimulationOptions& options);

}  // namespace cotenant
