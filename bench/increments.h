// SPDX-License-Identifier: Apache-2.0
//
// What the benchmarks of the event set schedule, and by how much: cheap random numbers, so that
// drawing them does not hide what is measured.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"

namespace cotenant {

// Marsaglia, "Xorshift RNGs", 2003.
class Xorshift {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53; }
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((next() >> 32) * bound >> 32);
  }

 private:
  std::uint64_t state_ = 88172645463325252u;
};

// Exponential with a mean of one simulated second: quantiles from a table that stays in the
// first-level cache, with low bits added so that instants differ.
class Increments {
 public:
  Increments() {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(table_.size());
      table_[i] = static_cast<std::int64_t>(-std::log(1.0 - p) * 1e9);
    }
  }
  Duration next() {
    const std::uint64_t x = random_.next();
    return Duration(table_[x >> 55] + static_cast<std::int64_t>(x & 0xfffff));
  }
  Xorshift& random() { return random_; }

 private:
  std::array<std::int64_t, 512> table_{};
  Xorshift random_;
};

struct BenchEvent {
  std::uint32_t entity = 0;
  std::uint32_t kind = 0;
  void hash_into(Hasher& hasher) const { hasher.add(entity); }
};
using Events = EventSet<BenchEvent>;

}  // namespace cotenant
