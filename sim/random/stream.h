// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are looked up, not drawn in turn. The numbers of (seed, replication, purpose,
// entity, ordinal) are the same whatever else happens in a run: request 5,017 has the same demands
// on every hosting plan, so plans are compared on equal luck (common random numbers), and a change
// to one part of a model disturbs no other. There is no state to save or share, and no order to
// keep.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/random/philox.h"

namespace cotenant {

// A cursor over the numbers of one ordinal. Cheap to make where it is needed; a copy repeats the
// draws. How many numbers one draw of a law takes is the law's own business (rejection takes a
// varying number), so two quantities that must not disturb each other need two streams, not one
// cursor.
class Draws {
 public:
  constexpr Draws(std::uint64_t key, std::uint64_t ordinal) : key_(key), ordinal_(ordinal) {}

  constexpr std::uint64_t next_bits() {
    const std::uint64_t index = taken_++;
    if (index % 2 != 0) return spare_;
    const PhiloxBlock block = philox2x64({ordinal_, index / 2}, key_);
    spare_ = block.second;
    return block.first;
  }

  // A number of the open interval (0, 1): the odd multiples of 2^-53, all equally likely. Never 0
  // or 1, so its logarithm is finite; symmetric, so 1 - u is exact and has the same law; mean
  // exactly 1/2.
  constexpr double next_unit() { return static_cast<double>(next_bits() >> 11 | 1u) * 0x1p-53; }

  // A number of 0, 1, ..., n - 1, all equally likely: the high half of a product, with the few low
  // halves refused that would favor some results (Lemire, "Fast random integer generation in an
  // interval", ACM TOMACS 2019).
  constexpr std::uint64_t next_below(std::uint64_t n) {
    COTENANT_ASSERT(n > 0);
    Uint128 product = static_cast<Uint128>(next_bits()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t refused = (0 - n) % n;  // 2^64 mod n
      while (static_cast<std::uint64_t>(product) < refused) {
        product = static_cast<Uint128>(next_bits()) * n;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

 private:
  std::uint64_t key_;
  std::uint64_t ordinal_;
  std::uint64_t taken_ = 0;
  std::uint64_t spare_ = 0;
};

class Stream {
 public:
  constexpr explicit Stream(std::uint64_t key) : key_(key) {}

  // The names must be stable ones, from the scenario and the model, never an index that depends on
  // what else a scenario contains. Distinct names share a key with a probability of 2^-64 a pair.
  static constexpr Stream keyed(std::uint64_t seed, std::uint64_t replication,
                                std::string_view purpose, std::string_view entity) {
    Hasher hasher;
    hasher.add(seed);
    hasher.add(replication);
    hasher.add(purpose);
    hasher.add(entity);
    return Stream(hasher.value());
  }

  constexpr Draws at(std::uint64_t ordinal) const { return Draws(key_, ordinal); }

  // The stream of this number under this one, for what has two numbers.
  constexpr Stream sub(std::uint64_t number) const {
    Hasher hasher;
    hasher.add(key_);
    hasher.add(number);
    return Stream(hasher.value());
  }
  constexpr std::uint64_t key() const { return key_; }

  friend constexpr bool operator==(Stream, Stream) = default;

 private:
  std::uint64_t key_;
};

}  // namespace cotenant
