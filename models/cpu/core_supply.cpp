// SPDX-License-Identifier: Apache-2.0
//
// Supply of cores: keeps the prefix sums of the sorted speeds up to date. Linear or sorting work is
// done per change of supply only, never per demand or completion.
#include "models/cpu/core_supply.h"

#include <algorithm>
#include <functional>

#include "sim/base/assert.h"

namespace cotenant {

namespace {

// 2^16 cores at full speed are 2^48 units, which leaves room in every product of the water filling.
constexpr std::uint32_t kMaxCores = 1u << 16;

}  // namespace

CoreSupply::CoreSupply(std::uint32_t cores)
    : speeds_(cores, kFullSpeed), fastest_sums_(std::size_t{cores} + 1, 0) {
  COTENANT_ASSERT(cores > 0 && cores <= kMaxCores);
  sum_up();
}

Speed CoreSupply::speed(CoreId core) const {
  COTENANT_ASSERT(core.index() < speeds_.size());
  return speeds_[core.index()];
}

bool CoreSupply::set(CoreId core, Speed speed) {
  COTENANT_ASSERT(core.index() < speeds_.size() && speed <= kFullSpeed);
  if (speeds_[core.index()] == speed) return false;
  speeds_[core.index()] = speed;
  sum_up();
  return true;
}

void CoreSupply::hash_into(Hasher& hasher) const {
  for (const Speed speed : speeds_) hasher.add(speed);
}

void CoreSupply::sum_up() {
  const auto sums = fastest_sums_.begin() + 1;
  std::copy(speeds_.begin(), speeds_.end(), sums);
  std::sort(sums, fastest_sums_.end(), std::greater<>());
  for (std::size_t i = 1; i < fastest_sums_.size(); ++i) fastest_sums_[i] += fastest_sums_[i - 1];
  missing_ = kFullSpeed - fastest_sums_.back() / speeds_.size();
}

}  // namespace cotenant
