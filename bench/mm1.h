// SPDX-License-Identifier: Apache-2.0
//
// The M/M/1 queue at 90 % load: Poisson arrivals, exponential service with a mean of one second,
// one server. The customers are fixed by a number, so that every simulator serves the same ones.
// Exact mean time in system (any textbook): 1 / (1 - 0.9) = 10 s.
#pragma once

#include <cstdint>

#include "sim/base/units.h"
#include "sim/random/sampler.h"
#include "sim/random/stream.h"

namespace cotenant {

inline constexpr double kMm1ExactSeconds = 10;

// When customers come and what they need.
class Mm1Customers {
 public:
  explicit Mm1Customers(std::uint64_t replication);

  // Time between customer k - 1 and customer k.
  Duration gap(std::uint64_t k) const { return draw(gaps_, kMeanGap, k); }
  Duration service(std::uint64_t k) const { return draw(services_, kMeanService, k); }

 private:
  static constexpr double kMeanService = 1e9;  // ns
  static constexpr double kMeanGap = kMeanService / 0.9;

  static Duration draw(Stream stream, double mean, std::uint64_t k) {
    Draws draws = stream.at(k);
    return duration_from_nanoseconds(mean * compiled::unit_exponential(draws));
  }

  Stream gaps_;
  Stream services_;
};

struct Mm1Result {
  double mean_seconds = 0;  // in system, of the customers that were served
  std::uint64_t events = 0;
};

// Serves customers 0, 1, ..., customers - 1 with the event set and a dispatch of its own.
Mm1Result run_mm1(const Mm1Customers& source, std::uint64_t customers);

}  // namespace cotenant
