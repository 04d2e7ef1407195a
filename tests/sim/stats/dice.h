// SPDX-License-Identifier: Apache-2.0
//
// Dice for the statistics tests: a SplitMix64 sequence and three laws. It is independent of
// sim/random on purpose, so that a fault there cannot hide a fault here, and it uses libm, which
// only tests may.
#pragma once

#include <cmath>
#include <cstdint>

#include "sim/base/hash.h"

namespace cotenant {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(mix64(seed + 1)) {}

  std::uint64_t bits() { return mix64(state_ += 0x9e3779b97f4a7c15u); }

  // In (0, 1): never 0, whose logarithm the laws below could not bear.
  double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

  double exponential() { return -std::log(uniform()); }

  // Box and Muller (1958), one of the pair.
  double normal() { return std::sqrt(2 * exponential()) * std::cos(6.283185307179586 * uniform()); }

 private:
  std::uint64_t state_;
};

}  // namespace cotenant
