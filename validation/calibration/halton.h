// SPDX-License-Identifier: Apache-2.0
//
// Points that fill a box evenly: the sequence of Halton (Numerische Mathematik 2, 1960). For up to
// 20 dimensions and a few hundred points; beyond that its dimensions go together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/base/assert.h"

namespace cotenant {

// Coordinate `dimension` of point `index`, in [0, 1): the digits of the index in the base of a
// prime number, mirrored at the point. Index 0 is the origin.
inline double halton(std::uint64_t index, std::size_t dimension) {
  constexpr std::array<std::uint64_t, 20> kPrimes = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29,
                                                     31, 37, 41, 43, 47, 53, 59, 61, 67, 71};
  COTENANT_ASSERT(dimension < kPrimes.size());
  const std::uint64_t base = kPrimes[dimension];
  double result = 0;
  double place = 1;
  for (std::uint64_t rest = index; rest > 0; rest /= base) {
    place /= static_cast<double>(base);
    result += place * static_cast<double>(rest % base);
  }
  return result;
}

}  // namespace cotenant
