// SPDX-License-Identifier: Apache-2.0
//
// How much a recorded figure would change if the same run were recorded again: what no prediction
// can be better than. By a block bootstrap: requests that arrive within the same stretch of time
// stay together, because their latencies depend on each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "validation/agreement/statistics.h"

namespace cotenant {

// The statistics of latencies of so many runs like the recorded one; none for runs of fewer than
// kLeastBlocks blocks.
std::vector<Statistics> resampled_latencies(const Bundle& bundle, std::uint64_t seed,
                                            std::uint64_t resamples);

// Relative standard deviation of the statistics of latencies, 0 for all others and for runs too
// short to tell (fewer than kLeastBlocks blocks). Repeats of one recording with
// the same arrivals differ by more: the machine itself drifts (docs/validation.md).
Statistics noise_floor(const Bundle& bundle, std::uint64_t seed);

inline constexpr std::size_t kLeastBlocks = 8;

}  // namespace cotenant
