// SPDX-License-Identifier: Apache-2.0
//
// Laws of random sizes as a scenario says them: part of scenarios/scenario.h. They are written like
// laws of durations, of which those are offered that sizes of files and pages follow.
#pragma once

#include <variant>

#include "sim/base/units.h"

namespace cotenant {

struct ConstantSize {
  Bytes value;
  friend bool operator==(const ConstantSize&, const ConstantSize&) = default;
};
struct ExponentialSize {
  Bytes mean;
  friend bool operator==(const ExponentialSize&, const ExponentialSize&) = default;
};
struct UniformSize {
  Bytes low, high;
  friend bool operator==(const UniformSize&, const UniformSize&) = default;
};
struct LognormalSize {
  Bytes mean;
  double cv = 0;
  friend bool operator==(const LognormalSize&, const LognormalSize&) = default;
};
struct ParetoSize {
  Bytes mean;
  double tail = 1.5;
  Bytes max;
  friend bool operator==(const ParetoSize&, const ParetoSize&) = default;
};

struct SizeLaw {
  std::variant<ConstantSize, ExponentialSize, UniformSize, LognormalSize, ParetoSize> kind;
  friend bool operator==(const SizeLaw&, const SizeLaw&) = default;
};

}  // namespace cotenant
