// SPDX-License-Identifier: Apache-2.0
//
// How much of the start of every run is left out. A few pilot replications tell, by MSER-5 on the
// number of requests in the system; the longest warm-up of any setup applies to all, so that the
// same requests are compared.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/run_record.h"
#include "sim/base/units.h"

namespace cotenant {

// Averaged over a handful of replications the common transient stands out from the noise.
inline constexpr std::uint64_t kWarmupPilots = 5;

// Their numbers are beyond those of all replications that are counted. MSER-5 favors a cut after
// which a series happens to be quiet; where the same series was counted as well, latencies of an
// M/M/1 queue at load 0.8 came out 0.33 % too low instead of 0.15 %.
inline constexpr std::uint64_t kFirstPilot = 1'000'000;

struct WarmupLength {
  Duration length;
  bool reliable = true;
};

// Pilot records by replication and setup, as replicate() returns them.
WarmupLength warmup_from(const std::vector<std::optional<RunRecord>>& pilots, std::size_t setups);

}  // namespace cotenant
