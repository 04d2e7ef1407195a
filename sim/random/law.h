// SPDX-License-Identifier: Apache-2.0
//
// Probability laws of a quantity that is never negative: a demand, a gap, a size. A law is plain
// data in the unit of the quantity, as a user would state it (a mean and a coefficient of
// variation, where the law has them), with its exact mean and standard deviation. Drawing from one
// is sim/random/sampler.h. Parameters are checked where a scenario is decoded; a wrong one that
// gets here is a programmer error.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace cotenant {

// Names of laws are everyday words (constant, normal, uniform), hence a namespace of their own.
// "cv" is the standard deviation divided by the mean. "> 0" means from 1e-30 to 1e30, which keeps
// every draw finite; no quantity of a simulated host comes near either end.
namespace law {

struct Constant {
  double value = 0;  // >= 0
  bool operator==(const Constant&) const = default;
};

struct Exponential {
  double mean = 1;  // > 0
  bool operator==(const Exponential&) const = default;
};

struct Uniform {
  double low = 0;   // >= 0
  double high = 1;  // >= low
  bool operator==(const Uniform&) const = default;
};

// A normal law conditioned on not being negative. The parameters are those of the law before it is
// conditioned, which is what people quote. The mean of what is drawn is larger: by 0.05 % at a cv
// of 0.3 and by 29 % at 1. mean() gives it exactly.
struct Normal {
  double mean = 1;  // > 0
  double cv = 0;    // 0 to 1e6
  bool operator==(const Normal&) const = default;
};

struct Lognormal {
  double mean = 1;  // > 0
  double cv = 1;    // 0 to 1e6
  bool operator==(const Lognormal&) const = default;
};

struct Gamma {
  double mean = 1;  // > 0
  double cv = 1;    // 0 to 1e6
  bool operator==(const Gamma&) const = default;
};

// The sum of `stages` exponential phases of equal mean.
struct Erlang {
  double mean = 1;           // > 0, of the sum
  std::uint32_t stages = 1;  // >= 1
  bool operator==(const Erlang&) const = default;
};

// One of two exponential phases, each of which contributes half of the mean ("balanced means").
struct Hyperexponential {
  double mean = 1;  // > 0
  double cv = 1;    // 1 to 1e6; at 1 it is exponential
  bool operator==(const Hyperexponential&) const = default;
};

struct Weibull {
  double mean = 1;   // > 0
  double shape = 1;  // 0.01 to 1e6; below 1 a longer tail than exponential
  bool operator==(const Weibull&) const = default;
};

// P(X > x) falls as x^-tail between a minimum and `max`. The minimum is the one that gives the
// mean.
struct BoundedPareto {
  double mean = 1;  // > 0
  double tail = 1;  // 1e-6 to 1e6, the exponent usually called alpha
  double max = 2;   // > mean
  bool operator==(const BoundedPareto&) const = default;
};

// The quantile function as a polyline through measured points: value(probability).
struct Empirical {
  struct Point {
    double probability = 0;  // strictly increasing, first 0, last 1
    double value = 0;        // >= 0, never decreasing
    bool operator==(const Point&) const = default;
  };
  std::vector<Point> points;  // at least 2
  bool operator==(const Empirical&) const = default;
};

// One of several laws, with probabilities in proportion to the weights.
struct Mixture {
  struct Part;
  std::vector<Part> parts;  // at least 1
  bool operator==(const Mixture& other) const;
};

}  // namespace law

using Law = std::variant<law::Constant, law::Exponential, law::Uniform, law::Normal, law::Lognormal,
                         law::Gamma, law::Erlang, law::Hyperexponential, law::Weibull,
                         law::BoundedPareto, law::Empirical, law::Mixture>;

struct law::Mixture::Part {
  double weight = 0;  // >= 0, not all zero
  Law law;
  bool operator==(const Part&) const = default;
};

// A Bug unless every parameter is within the bounds stated above.
void assert_valid(const Law& law);

// Mean and standard deviation of what is drawn. Relative error about 1e-14, where the standard
// deviation is a difference of moments (Weibull, bounded Pareto) about 1e-15 / cv^2.
double mean(const Law& law);
double standard_deviation(const Law& law);

// log(max / min) of a bounded Pareto law, which fixes its minimum.
double log_range(const law::BoundedPareto& law);

}  // namespace cotenant
