// SPDX-License-Identifier: Apache-2.0
//
// Random choices for generated tests. The same seed makes the same choices with every compiler and
// library, so that a seed in a failure message is enough to see the failure again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "sim/base/units.h"
#include "sim/random/stream.h"

namespace cotenant {

class Die {
 public:
  explicit Die(std::uint64_t seed) : draws_(Stream::keyed(seed, 0, "die", "").at(0)) {}

  bool chance(double probability) { return draws_.next_unit() < probability; }

  // low to high, both included.
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(draws_.next_below(span));
  }

  double real(double low, double high) { return low + (high - low) * draws_.next_unit(); }

  // At least one nanosecond.
  Duration near(double ns) {
    const double drawn = ns * real(0.5, 1.5);
    return Duration(drawn < 1 ? 1 : static_cast<std::int64_t>(drawn));
  }

  template <class Value>
  Value pick(std::initializer_list<Value> values) {
    return values.begin()[draws_.next_below(values.size())];
  }

 private:
  Draws draws_;
};

}  // namespace cotenant
