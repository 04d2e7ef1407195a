// SPDX-License-Identifier: Apache-2.0
//
// Weighted max-min fairness with caps (water filling; Bertsekas and Gallager, "Data Networks",
// 2nd edition, 6.5.2, for one resource): everybody gets capacity in proportion to its weight, what
// somebody cannot use is shared among the others in the same way. It knows no tasks and no groups.
#pragma once

#include <cstdint>
#include <span>

#include "models/cpu/scheduler.h"

namespace cotenant {

// `count` members that are alike.
struct Claim {
  std::uint64_t weight = 0;  // of one member, > 0
  std::uint64_t count = 0;   // > 0
  std::uint64_t cap = 0;     // what one member can use at most
  std::uint64_t share = 0;   // result: what one member gets
};

// capacity, cap and share are rates in units of Speed. Shares that are not capped are rounded down,
// so the sum never exceeds the capacity and misses it by less than one unit per member.
// Bounds that keep the products within 128 bits: capacity < 2^62, sum of weight * count < 2^64.
void fill(std::uint64_t capacity, std::span<Claim> claims);

}  // namespace cotenant
