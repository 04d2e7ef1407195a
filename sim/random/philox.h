// SPDX-License-Identifier: Apache-2.0
//
// Philox2x64-10: a bijection of 128 bits under a 64-bit key whose outputs for counters 0, 1, 2, ...
// are indistinguishable from random by every published test battery. It has no state, which is why
// it is here: any number of any stream can be had without the ones before it. Not for secrets.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <cstdint>

#include "sim/base/int128.h"

namespace cotenant {

struct PhiloxBlock {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  friend constexpr bool operator==(const PhiloxBlock&, const PhiloxBlock&) = default;
};

constexpr PhiloxBlock philox2x64(PhiloxBlock counter, std::uint64_t key) {
  constexpr std::uint64_t kMultiplier = 0xd2b74407b1ce6e93u;  // the paper's M for 2x64
  constexpr std::uint64_t kKeyStep =
      0x9e3779b97f4a7c15u;     // the paper's Weyl step: 2^64 / golden ratio
  constexpr int kRounds = 10;  // six pass BigCrush; ten leave a margin
  for (int round = 0; round < kRounds; ++round) {
    const Uint128 product = static_cast<Uint128>(counter.first) * kMultiplier;
    const auto high = static_cast<std::uint64_t>(product >> 64);
    counter.first = high ^ key ^ counter.second;
    counter.second = static_cast<std::uint64_t>(product);
    key += kKeyStep;
  }
  return counter;
}

}  // namespace cotenant
