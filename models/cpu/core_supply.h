// SPDX-License-Identifier: Apache-2.0
//
// What the layer below provides of each core at the moment, and the sums that sharing needs. On
// real hardware every core is at full speed for ever; under a guest this changes whenever the
// host's shares do. It does not share anything out.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"

namespace cotenant {

class CoreSupply {
 public:
  explicit CoreSupply(std::uint32_t cores);

  std::uint32_t cores() const { return static_cast<std::uint32_t>(speeds_.size()); }
  Speed speed(CoreId core) const;

  // False when nothing changed.
  bool set(CoreId core, Speed speed);

  // The most that one task can use.
  Speed fastest() const { return fastest_sums_[1]; }

  // The most that `tasks` tasks can use together: a task cannot be on two cores at once.
  std::uint64_t usable_by(std::uint64_t tasks) const {
    return fastest_sums_[tasks < cores() ? tasks : cores()];
  }

  // The part of the machine that is not supplied, as a share of kFullSpeed.
  Speed missing() const { return missing_; }

  void hash_into(Hasher& hasher) const;

 private:
  void sum_up();

  std::vector<Speed> speeds_;
  std::vector<std::uint64_t> fastest_sums_;  // [k] = sum of the k fastest cores
  Speed missing_ = 0;
};

}  // namespace cotenant
