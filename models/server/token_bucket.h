// SPDX-License-Identifier: Apache-2.0
//
// A limit on the rate of requests that lets bursts through: a bucket of tokens that fills at a
// constant rate, of which each request takes one. Kept as the instant at which it is full again,
// which needs no refilling (the generic cell rate algorithm, ITU-T I.371, as most gateways do).
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

class TokenBucket {
 public:
  // Full at first: that many tokens, and another one after each interval.
  TokenBucket(Duration interval, std::uint32_t tokens)
      : interval_(interval), room_(interval * (tokens - 1)) {}

  // False when there is none.
  bool take(Instant now) {
    const Instant full = std::max(full_, now);
    if (full - now > room_) return false;
    full_ = full + interval_;
    return true;
  }

  void hash_into(Hasher& hasher) const { hasher.add_signed(full_.ns()); }

 private:
  Duration interval_;
  Duration room_;  // until the bucket is full, when there is just one token in it
  Instant full_;
};

}  // namespace cotenant
