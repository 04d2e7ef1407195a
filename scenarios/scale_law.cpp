// SPDX-License-Identifier: Apache-2.0
#include "scenarios/scale_law.h"

#include "sim/random/sampler.h"

namespace cotenant {
namespace {

struct Scale {
  double factor;

  Duration operator()(Duration value) const {
    return duration_from_nanoseconds(static_cast<double>(value.count()) * factor);
  }

  void operator()(ConstantLaw& law) const { law.value = (*this)(law.value); }
  void operator()(UniformLaw& law) const {
    law.low = (*this)(law.low);
    law.high = (*this)(law.high);
  }
  void operator()(ParetoLaw& law) const {
    law.mean = (*this)(law.mean);
    law.max = (*this)(law.max);
  }
  void operator()(EmpiricalLaw& law) const {
    for (EmpiricalPoint& point : law.points) point.value = (*this)(point.value);
  }
  void operator()(RecordedLaw&) const {}
  void operator()(MixtureLaw& law) const {
    for (MixturePart& part : law.parts) part.law = scale_law(part.law, factor);
  }
  template <class AnyLaw>
  void operator()(AnyLaw& law) const {
    law.mean = (*this)(law.mean);
  }
};

}  // namespace

DurationLaw scale_law(const DurationLaw& law, double factor) {
  DurationLaw scaled = law;
  std::visit(Scale{factor}, scaled.kind);
  return scaled;
}

}  // namespace cotenant
