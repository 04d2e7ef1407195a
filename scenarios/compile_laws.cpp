// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_laws.h"

#include <utility>

namespace cotenant {
namespace {

double ns(Duration duration) { return static_cast<double>(duration.count()); }

struct Compile {
  Law operator()(const ConstantLaw& law) const { return law::Constant{ns(law.value)}; }
  Law operator()(const ExponentialLaw& law) const { return law::Exponential{ns(law.mean)}; }
  Law operator()(const UniformLaw& law) const { return law::Uniform{ns(law.low), ns(law.high)}; }
  Law operator()(const NormalLaw& law) const { return law::Normal{ns(law.mean), law.cv}; }
  Law operator()(const LognormalLaw& law) const { return law::Lognormal{ns(law.mean), law.cv}; }
  Law operator()(const GammaLaw& law) const { return law::Gamma{ns(law.mean), law.cv}; }
  Law operator()(const ErlangLaw& law) const {
    return law::Erlang{ns(law.mean), static_cast<std::uint32_t>(law.stages)};
  }
  Law operator()(const HyperexponentialLaw& law) const {
    return law::Hyperexponential{ns(law.mean), law.cv};
  }
  Law operator()(const WeibullLaw& law) const { return law::Weibull{ns(law.mean), law.shape}; }
  Law operator()(const ParetoLaw& law) const {
    return law::BoundedPareto{ns(law.mean), law.tail, ns(law.max)};
  }
  Law operator()(const EmpiricalLaw& law) const {
    law::Empirical compiled;
    for (const EmpiricalPoint& point : law.points) {
      compiled.points.push_back({point.probability, ns(point.value)});
    }
    return compiled;
  }
  Law operator()(const MixtureLaw& law) const {
    law::Mixture compiled;
    for (const MixturePart& part : law.parts) {
      compiled.parts.push_back({part.weight, compile_law(part.law)});
    }
    return compiled;
  }
  Law operator()(const RecordedLaw&) const {
    COTENANT_ASSERT(false && "a recorded demand is a column, not a law");
  }
};

double bytes(Bytes size) { return static_cast<double>(size.count()); }

struct CompileSize {
  Law operator()(const ConstantSize& law) const { return law::Constant{bytes(law.value)}; }
  Law operator()(const ExponentialSize& law) const { return law::Exponential{bytes(law.mean)}; }
  Law operator()(const UniformSize& law) const {
    return law::Uniform{bytes(law.low), bytes(law.high)};
  }
  Law operator()(const LognormalSize& law) const { return law::Lognormal{bytes(law.mean), law.cv}; }
  Law operator()(const ParetoSize& law) const {
    return law::BoundedPareto{bytes(law.mean), law.tail, bytes(law.max)};
  }
};

}  // namespace

Law compile_law(const DurationLaw& law) { return std::visit(Compile{}, law.kind); }
Law compile_law(const SizeLaw& law) { return std::visit(CompileSize{}, law.kind); }

}  // namespace cotenant
