// SPDX-License-Identifier: Apache-2.0
//
// Water filling by elimination: a claim whose cap lies at or below its proportional share takes its
// cap and leaves; that can only raise the level for the rest, so one that was capped stays capped
// and the loop ends after at most one round per claim. Typically there are one or two rounds.
#include "models/cpu/water_filling.h"

#include <algorithm>
#include <limits>

#include "sim/base/int128.h"

namespace cotenant {

namespace {

constexpr std::uint64_t kOpen = std::numeric_limits<std::uint64_t>::max();

struct Level {
  std::uint64_t capacity = 0;  // not taken by capped claims
  std::uint64_t weight = 0;    // of the open claims
};

// Takes the claims out whose caps bind at this level; false when there was none.
bool take_capped(Level& level, std::span<Claim> claims) {
  bool taken = false;
  for (Claim& claim : claims) {
    if (claim.share != kOpen) continue;
    if (Uint128{claim.cap} * level.weight > Uint128{level.capacity} * claim.weight) continue;
    claim.share = claim.cap;
    level.capacity -= claim.cap * claim.count;
    level.weight -= claim.weight * claim.count;
    taken = true;
  }
  return taken;
}

}  // namespace

void fill(std::uint64_t capacity, std::span<Claim> claims) {
  if (claims.size() == 1) {  // most hosts, most of the time: weights cancel
    claims[0].share = std::min(claims[0].cap, capacity / claims[0].count);
    return;
  }
  Level level{capacity, 0};
  for (Claim& claim : claims) {
    claim.cap = std::min(claim.cap, capacity);
    claim.share = kOpen;
    level.weight += claim.weight * claim.count;
  }
  while (level.weight > 0 && take_capped(level, claims)) {
  }
  for (Claim& claim : claims) {
    if (claim.share != kOpen) continue;
    claim.share = static_cast<std::uint64_t>(Uint128{level.capacity} * claim.weight / level.weight);
  }
}

}  // namespace cotenant
