// SPDX-License-Identifier: Apache-2.0
//
// What one would predict without a simulator, from the same knowledge: every request's demands, the
// CPU that a request cost, the limits, and the workers. A simulator that is not better than these
// is not needed. docs/validation.md says where they win.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "validation/agreement/statistics.h"
#include "validation/recording/bundle.h"

namespace cotenant {

enum class Baseline : std::uint8_t {
  // Every request takes its CPU, divided by the share of a core that the service may have, and its
  // waits. Nobody waits for anybody else.
  scaled_trace,
  // Poisson arrivals at the measured rate, exponential service of the measured mean, c servers:
  // the cores that the service may have where CPU is the narrower, else its workers or threads.
  mmc,
};
inline constexpr std::array<std::string_view, 2> kBaselineNames = {"scaled_trace", "mmc"};

constexpr std::string_view to_string(Baseline baseline) {
  return kBaselineNames[static_cast<std::size_t>(baseline)];
}

// The statistics of latencies; all else is 0. Nothing where a queue would grow for ever, or where
// arrivals depend on replies and no rate is known beforehand.
std::optional<Statistics> predict(Baseline baseline, const Bundle& bundle);

// Of an M/M/c with the mean service time 1 / mu: the probability that a request waits, and the
// latency that a share p of all requests stays below. Seconds; lambda < c mu.
double erlang_c(double lambda, double mu, std::int64_t c);
double mmc_quantile(double lambda, double mu, std::int64_t c, double p);

}  // namespace cotenant
