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

struct WarmupLength {
  Duration length;
  bool reliable = true;
};

// Pilot records by replication and setup, as replicate() returns them.
WarmupLength warmup_from(const std::vector<std::optional<RunRecord>>& pilots, std::size_t setups);

}  // namespace cotenant
