// SPDX-License-Identifier: Apache-2.0
//
// Validity and moments of the laws. Textbook closed forms (Johnson, Kotz, Balakrishnan, "Continuous
// univariate distributions", 2nd edition, volumes 1 and 2), arranged so that nothing overflows and
// no parameter is a special case. The mixture is composed from its parts.
#include "sim/random/law.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "sim/base/assert.h"
#include "sim/random/math.h"

namespace cotenant {

bool law::Mixture::operator==(const Mixture& other) const { return parts == other.parts; }

namespace {

bool is_between(double low, double x, double high) { return low <= x && x <= high; }
bool is_positive(double x) { return is_between(1e-30, x, 1e30); }
bool is_not_negative(double x) { return x == 0 || is_positive(x); }
bool is_cv(double x) { return is_between(0, x, 1e6); }

struct Validity {
  bool operator()(const law::Constant& l) const { return is_not_negative(l.value); }
  bool operator()(const law::Exponential& l) const { return is_positive(l.mean); }
  bool operator()(const law::Uniform& l) const {
    return is_not_negative(l.low) && is_not_negative(l.high) && l.low <= l.high;
  }
  bool operator()(const law::Normal& l) const { return is_positive(l.mean) && is_cv(l.cv); }
  bool operator()(const law::Lognormal& l) const { return is_positive(l.mean) && is_cv(l.cv); }
  bool operator()(const law::Gamma& l) const { return is_positive(l.mean) && is_cv(l.cv); }
  bool operator()(const law::Erlang& l) const { return is_positive(l.mean) && l.stages >= 1; }
  bool operator()(const law::Hyperexponential& l) const {
    return is_positive(l.mean) && l.cv >= 1 && is_cv(l.cv);
  }
  bool operator()(const law::Weibull& l) const {
    return is_positive(l.mean) && is_between(0.01, l.shape, 1e6);
  }
  bool operator()(const law::BoundedPareto& l) const {
    return is_positive(l.mean) && is_positive(l.max) && l.max > l.mean &&
           is_between(1e-6, l.tail, 1e6);
  }
  bool operator()(const law::Empirical& l) const {
    if (l.points.size() < 2) return false;
    if (l.points.front().probability != 0 || l.points.back().probability != 1) return false;
    for (std::size_t i = 0; i < l.points.size(); ++i) {
      if (!is_not_negative(l.points[i].value)) return false;
      if (i > 0 && !(l.points[i].probability > l.points[i - 1].probability)) return false;
      if (i > 0 && !(l.points[i].value >= l.points[i - 1].value)) return false;
    }
    return true;
  }
  bool operator()(const law::Mixture& l) const {
    double total = 0;
    for (const law::Mixture::Part& part : l.parts) {
      if (!is_not_negative(part.weight) || !std::visit(*this, part.law)) return false;
      total += part.weight;
    }
    return is_positive(total);
  }
};

// E[X^n] / max^n of a bounded Pareto law with log(max / min) = range. With phi(y) = (1 - exp(-y)) /
// y it is exp(-min(n, tail) range) phi(|tail - n| range) / phi(tail range), also where tail = n.
double pareto_moment(double n, double tail, double range) {
  const auto phi = [](double y) { return y > 0 ? -math::expm1(-y) / y : 1.0; };
  return math::exp(-std::min(n, tail) * range) * phi(std::fabs(tail - n) * range) /
         phi(tail * range);
}

// The normal density at the truncation point over the probability of what is kept: the inverse
// Mills ratio, which gives both moments of the truncated law.
double truncation_ratio(double cv) {
  constexpr double kInverseSqrt2Pi = 0.3989422804014327;
  const double height = 1.0 / cv;  // the mean in standard deviations
  return kInverseSqrt2Pi * math::exp(-0.5 * height * height) / math::normal_cdf(height);
}

struct Mean {
  double operator()(const law::Constant& l) const { return l.value; }
  double operator()(const law::Uniform& l) const { return l.low + 0.5 * (l.high - l.low); }
  double operator()(const law::Normal& l) const {
    return l.cv > 0 ? l.mean * (1.0 + l.cv * truncation_ratio(l.cv)) : l.mean;
  }
  double operator()(const law::Empirical& l) const {
    double sum = 0;
    for (std::size_t i = 1; i < l.points.size(); ++i) {
      const law::Empirical::Point& a = l.points[i - 1];
      const law::Empirical::Point& b = l.points[i];
      sum += (b.probability - a.probability) * (a.value + 0.5 * (b.value - a.value));
    }
    return sum;
  }
  double operator()(const law::Mixture& l) const {
    double total = 0;
    double sum = 0;
    for (const law::Mixture::Part& part : l.parts) {
      total += part.weight;
      sum += part.weight * std::visit(*this, part.law);
    }
    return sum / total;
  }
  template <class StatesItsMean>
  double operator()(const StatesItsMean& l) const {
    return l.mean;
  }
};

struct StandardDeviation {
  double operator()(const law::Constant&) const { return 0; }
  double operator()(const law::Exponential& l) const { return l.mean; }
  double operator()(const law::Uniform& l) const { return (l.high - l.low) / std::sqrt(12.0); }
  double operator()(const law::Normal& l) const {
    if (!(l.cv > 0)) return 0;
    const double ratio = truncation_ratio(l.cv);
    return l.mean * l.cv * std::sqrt(1.0 - ratio / l.cv - ratio * ratio);
  }
  double operator()(const law::Lognormal& l) const { return l.mean * l.cv; }
  double operator()(const law::Gamma& l) const { return l.mean * l.cv; }
  double operator()(const law::Erlang& l) const {
    return l.mean / std::sqrt(static_cast<double>(l.stages));
  }
  double operator()(const law::Hyperexponential& l) const { return l.mean * l.cv; }
  double operator()(const law::Weibull& l) const {
    // The ratio of E[X^2] to E[X]^2, less one. In logarithms, because gamma overflows from 171 on.
    const double log_ratio =
        math::log_gamma(1.0 + 2.0 / l.shape) - 2.0 * math::log_gamma(1.0 + 1.0 / l.shape);
    return l.mean * std::sqrt(std::max(0.0, math::expm1(log_ratio)));
  }
  double operator()(const law::BoundedPareto& l) const {
    const double range = log_range(l);
    const double first = pareto_moment(1, l.tail, range);
    const double second = pareto_moment(2, l.tail, range);
    return l.max * std::sqrt(std::max(0.0, second - first * first));
  }
  double operator()(const law::Empirical& l) const {
    const double center = Mean()(l);
    double sum = 0;
    for (std::size_t i = 1; i < l.points.size(); ++i) {
      const double a = l.points[i - 1].value - center;
      const double b = l.points[i].value - center;
      const double probability = l.points[i].probability - l.points[i - 1].probability;
      sum += probability * (a * a + a * b + b * b) / 3.0;
    }
    return std::sqrt(sum);
  }
  double operator()(const law::Mixture& l) const {
    const double center = Mean()(l);
    double total = 0;
    double sum = 0;
    for (const law::Mixture::Part& part : l.parts) {
      const double offset = std::visit(Mean(), part.law) - center;
      const double deviation = std::visit(*this, part.law);
      total += part.weight;
      sum += part.weight * (deviation * deviation + offset * offset);
    }
    return std::sqrt(sum / total);
  }
};

}  // namespace

void assert_valid(const Law& law) { COTENANT_ASSERT(std::visit(Validity(), law)); }

double mean(const Law& law) {
  assert_valid(law);
  return std::visit(Mean(), law);
}

double standard_deviation(const Law& law) {
  assert_valid(law);
  return std::visit(StandardDeviation(), law);
}

double log_range(const law::BoundedPareto& law) {
  // E[X] / max falls from 1 at range 0 to 0 at infinity, so doubling brackets the answer.
  const double target = law.mean / law.max;
  double low = 0;
  double high = 1;
  while (pareto_moment(1, law.tail, high) > target) {
    low = high;
    high *= 2;
  }
  // Every halving gains one bit; 110 reach neighboring doubles even when the range is as small as
  // 1e-16.
  for (int halving = 0; halving < 110; ++halving) {
    const double middle = 0.5 * (low + high);
    (pareto_moment(1, law.tail, middle) > target ? low : high) = middle;
  }
  return high;
}

}  // namespace cotenant
