// SPDX-License-Identifier: Apache-2.0
//
// From the parameters a user states to the constants a draw needs, and the draws that are not
// inline. u is a number of (0, 1) and v = 1 - u the same luck seen from the upper end: small v,
// large draw. The inverses are written in v because tails need their precision where v is small.
#include "sim/random/sampler.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cotenant {

namespace compiled {

namespace {

double next_from_above(Draws& draws) { return 1.0 - draws.next_unit(); }  // exact

// Standard normal, increasing in u.
double next_normal(Draws& draws) { return math::normal_quantile(draws.next_unit()); }

}  // namespace

double Normal::draw(Draws& draws) const {
  // P(X > x | X >= 0) = v is P(X > x) = v * kept. Rounding may give a hair less than zero.
  const double z = -math::normal_quantile(next_from_above(draws) * kept);
  return std::max(0.0, mean + deviation * z);
}

double Lognormal::draw(Draws& draws) const {
  return median * math::exp(sigma * next_normal(draws));
}

double Gamma::draw(Draws& draws) const {
  for (;;) {
    const double x = next_normal(draws);
    const double root = 1.0 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = draws.next_unit();
    const double square = x * x;
    // The paper's squeeze, which accepts most candidates without a logarithm, then its exact test.
    if (u < 1.0 - 0.0331 * square * square ||
        math::log(u) < 0.5 * square + d * (1.0 - v + math::log(v))) {
      const double drawn = scale * d * v;
      // A shape below 1 is drawn as shape + 1 and multiplied by U^(1 / shape).
      return boost > 0 ? drawn * math::exp(-boost * unit_exponential(draws)) : drawn;
    }
  }
}

double Erlang::draw(Draws& draws) const {
  // The sum of logarithms is the logarithm of the product: one logarithm for all stages.
  double product = 1.0;
  for (std::uint32_t stage = 0; stage < stages; ++stage) product *= next_from_above(draws);
  return -stage_mean * math::log(product);
}

double Hyperexponential::draw(Draws& draws) const {
  const double phase_mean = draws.next_unit() < short_probability ? short_mean : long_mean;
  return phase_mean * unit_exponential(draws);
}

double Weibull::draw(Draws& draws) const {
  return scale * math::pow(unit_exponential(draws), exponent);
}

double BoundedPareto::draw(Draws& draws) const {
  // P(X > x) = ((min / x)^tail - beyond) / (1 - beyond) = v, solved for x. The minimum is max
  // exp(-range), which may be too small to be a number of its own.
  const double share = beyond + next_from_above(draws) * (1.0 - beyond);
  return max * std::min(1.0, math::exp(-range - exponent * math::log(share)));
}

double Empirical::draw(Draws& draws) const {
  const double u = draws.next_unit();
  // The first and the last point enclose every u, so the point after u has one before it.
  const auto after = std::upper_bound(points.begin() + 1, points.end() - 1, u,
                                      [](double probability, const law::Empirical::Point& p) {
                                        return probability < p.probability;
                                      });
  const auto before = after - 1;
  const double share = (u - before->probability) / (after->probability - before->probability);
  return before->value + share * (after->value - before->value);
}

double Mixture::draw(Draws& draws) const { return parts[choice.draw(draws)].draw(draws); }

}  // namespace compiled

namespace {

// Measured: one stage costs about a quarter of a gamma draw, and one gamma draw does for any number
// of stages.
constexpr std::uint32_t kMostStagesAsProduct = 4;

// Below this cv a gamma law differs from a normal one by a skewness of 2e-6, while its acceptance
// test would lose its digits to cancellation.
constexpr double kSmallestGammaCv = 1e-6;

compiled::Form gamma_of_shape(double mean, double shape) {
  const bool boosted = shape < 1.0;
  const double d = (boosted ? shape + 1.0 : shape) - 1.0 / 3.0;
  return compiled::Gamma{mean / shape, d, 1.0 / std::sqrt(9.0 * d), boosted ? 1.0 / shape : 0.0};
}

struct Compile {
  compiled::Form operator()(const law::Constant& l) const { return compiled::Constant{l.value}; }
  compiled::Form operator()(const law::Exponential& l) const {
    return compiled::Exponential{l.mean};
  }
  compiled::Form operator()(const law::Uniform& l) const {
    return compiled::Uniform{l.low, l.high - l.low};
  }
  compiled::Form operator()(const law::Normal& l) const {
    if (!(l.cv > 0)) return compiled::Constant{l.mean};
    return compiled::Normal{l.mean, l.mean * l.cv, math::normal_cdf(1.0 / l.cv)};
  }
  compiled::Form operator()(const law::Lognormal& l) const {
    const double square = l.cv * l.cv;
    return compiled::Lognormal{l.mean / std::sqrt(1.0 + square), std::sqrt(math::log1p(square))};
  }
  compiled::Form operator()(const law::Gamma& l) const {
    if (l.cv < kSmallestGammaCv) return (*this)(law::Normal{l.mean, l.cv});
    return gamma_of_shape(l.mean, 1.0 / (l.cv * l.cv));
  }
  compiled::Form operator()(const law::Erlang& l) const {
    const auto stages = static_cast<double>(l.stages);
    if (l.stages > kMostStagesAsProduct) return gamma_of_shape(l.mean, stages);
    return compiled::Erlang{l.mean / stages, l.stages};
  }
  compiled::Form operator()(const law::Hyperexponential& l) const {
    // Balanced means: p and 1 - p = (1 -+ r) / 2 with r^2 = (cv^2 - 1) / (cv^2 + 1), and phase
    // means of mean / (2 p). The smaller probability is written without the difference 1 - r.
    const double square = l.cv * l.cv;
    const double root = std::sqrt((square - 1.0) / (square + 1.0));
    const double rare = 1.0 / ((square + 1.0) * (1.0 + root));
    const double common = 0.5 * (1.0 + root);
    return compiled::Hyperexponential{common, 0.5 * l.mean / common, 0.5 * l.mean / rare};
  }
  compiled::Form operator()(const law::Weibull& l) const {
    const double exponent = 1.0 / l.shape;
    return compiled::Weibull{l.mean * math::exp(-math::log_gamma(1.0 + exponent)), exponent};
  }
  compiled::Form operator()(const law::BoundedPareto& l) const {
    const double range = log_range(l);
    return compiled::BoundedPareto{l.max, range, math::exp(-l.tail * range), 1.0 / l.tail};
  }
  compiled::Form operator()(const law::Empirical& l) const { return compiled::Empirical{l.points}; }
  compiled::Form operator()(const law::Mixture& l) const {
    std::vector<double> weights;
    std::vector<Sampler> parts;
    for (const law::Mixture::Part& part : l.parts) {
      weights.push_back(part.weight);
      parts.emplace_back(part.law);
    }
    return compiled::Mixture{DiscreteChoice(weights), std::move(parts)};
  }
};

}  // namespace

Sampler::Sampler(const Law& law) {
  assert_valid(law);
  form_ = std::visit(Compile(), law);
}

double Sampler::draw_other(Draws& draws) const {
  return std::visit([&draws](const auto& form) { return form.draw(draws); }, form_);
}

}  // namespace cotenant
