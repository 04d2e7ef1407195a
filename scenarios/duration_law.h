// SPDX-License-Identifier: Apache-2.0
//
// Laws of random durations as a scenario says them: part of scenarios/scenario.h. The compiled
// form, in the unit of the quantity drawn, is Law in sim/random/law.h.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/units.h"

namespace cotenant {

// How long something takes: a demand or a think time. (sim/random/law.h has the compiled Law, in
// the unit of the quantity drawn.)
struct DurationLaw;

struct ConstantLaw {
  Duration value;
  friend bool operator==(const ConstantLaw&, const ConstantLaw&) = default;
};
struct ExponentialLaw {
  Duration mean;
  friend bool operator==(const ExponentialLaw&, const ExponentialLaw&) = default;
};
struct UniformLaw {
  Duration low, high;
  friend bool operator==(const UniformLaw&, const UniformLaw&) = default;
};
struct NormalLaw {
  Duration mean;
  double cv = 0;
  friend bool operator==(const NormalLaw&, const NormalLaw&) = default;
};
struct LognormalLaw {
  Duration mean;
  double cv = 0;
  friend bool operator==(const LognormalLaw&, const LognormalLaw&) = default;
};
struct GammaLaw {
  Duration mean;
  double cv = 0;
  friend bool operator==(const GammaLaw&, const GammaLaw&) = default;
};
struct ErlangLaw {
  Duration mean;
  std::int64_t stages = 1;
  friend bool operator==(const ErlangLaw&, const ErlangLaw&) = default;
};
struct HyperexponentialLaw {
  Duration mean;
  double cv = 1;
  friend bool operator==(const HyperexponentialLaw&, const HyperexponentialLaw&) = default;
};
struct WeibullLaw {
  Duration mean;
  double shape = 1;
  friend bool operator==(const WeibullLaw&, const WeibullLaw&) = default;
};
struct ParetoLaw {
  Duration mean;
  double tail = 1.5;
  Duration max;
  friend bool operator==(const ParetoLaw&, const ParetoLaw&) = default;
};
struct EmpiricalPoint {
  double probability = 0;
  Duration value;
  friend bool operator==(const EmpiricalPoint&, const EmpiricalPoint&) = default;
};
struct EmpiricalLaw {
  std::vector<EmpiricalPoint> points;
  friend bool operator==(const EmpiricalLaw&, const EmpiricalLaw&) = default;
};
// A demand read from the row of the replayed request: a column, or one parameter of a URL in that
// column.
struct RecordedLaw {
  std::string column;
  std::string parameter;
  std::string unit;
  friend bool operator==(const RecordedLaw&, const RecordedLaw&) = default;
};
struct MixturePart;
struct MixtureLaw {
  std::vector<MixturePart> parts;
  friend bool operator==(const MixtureLaw& a, const MixtureLaw& b);
};

struct DurationLaw {
  std::variant<ConstantLaw, ExponentialLaw, UniformLaw, NormalLaw, LognormalLaw, GammaLaw,
               ErlangLaw, HyperexponentialLaw, WeibullLaw, ParetoLaw, EmpiricalLaw, RecordedLaw,
               MixtureLaw>
      kind;
  friend bool operator==(const DurationLaw&, const DurationLaw&) = default;
};
struct MixturePart {
  double weight = 1;
  DurationLaw law;
  friend bool operator==(const MixturePart&, const MixturePart&) = default;
};

inline bool operator==(const MixtureLaw& a, const MixtureLaw& b) { return a.parts == b.parts; }

}  // namespace cotenant
