// SPDX-License-Identifier: Apache-2.0
//
// A law compiled for drawing. Wherever an inverse of the distribution function exists, one number
// makes one draw through it, and the draw never decreases with the number: equal luck then means
// the same quantile under every law, and draws are monotone in the mean, which is what makes common
// random numbers reduce variance. The exceptions are gamma (rejection), Erlang (a product),
// hyperexponential and mixture (one number to choose the part, then the part's own); they are still
// proportional to the mean.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "sim/base/units.h"
#include "sim/random/choice.h"
#include "sim/random/law.h"
#include "sim/random/math.h"
#include "sim/random/stream.h"

namespace cotenant {

class Sampler;

// The constants each law needs in order to draw.
namespace compiled {

// A draw of the exponential law of mean 1.
inline double unit_exponential(Draws& draws) { return -math::log(1.0 - draws.next_unit()); }

struct Constant {
  double value = 0;
  double draw(Draws&) const { return value; }
};

struct Exponential {
  double mean;
  double draw(Draws& draws) const { return mean * unit_exponential(draws); }
};

struct Uniform {
  double low;
  double span;
  double draw(Draws& draws) const { return low + span * draws.next_unit(); }
};

struct Normal {
  double mean;
  double deviation;
  double kept;  // the probability that the untruncated law is not negative
  double draw(Draws& draws) const;
};

struct Lognormal {
  double median;
  double sigma;  // standard deviation of the logarithm
  double draw(Draws& draws) const;
};

// Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000.
struct Gamma {
  double scale;
  double d;      // the paper's d = shape - 1/3, for a shape of at least 1
  double c;      // the paper's c = 1 / sqrt(9 d)
  double boost;  // 1 / shape where the shape is below 1, otherwise 0
  double draw(Draws& draws) const;
};

struct Erlang {
  double stage_mean;
  std::uint32_t stages;
  double draw(Draws& draws) const;
};

struct Hyperexponential {
  double short_probability;
  double short_mean;
  double long_mean;
  double draw(Draws& draws) const;
};

struct Weibull {
  double scale;
  double exponent;  // 1 / shape
  double draw(Draws& draws) const;
};

struct BoundedPareto {
  double max;
  double range;     // log(max / min)
  double beyond;    // (min / max)^tail: the share of the unbounded law that lies beyond the maximum
  double exponent;  // 1 / tail
  double draw(Draws& draws) const;
};

struct Empirical {
  std::vector<law::Empirical::Point> points;
  double draw(Draws& draws) const;
};

struct Mixture {
  DiscreteChoice choice;
  std::vector<Sampler> parts;
  double draw(Draws& draws) const;
};

using Form = std::variant<Constant, Exponential, Uniform, Normal, Lognormal, Gamma, Erlang,
                          Hyperexponential, Weibull, BoundedPareto, Empirical, Mixture>;

}  // namespace compiled

// To the nearest nanosecond, halves up. Beyond 9.2e18 ns (292 years) is a Bug.
inline Duration duration_from_nanoseconds(double ns) {
  COTENANT_ASSERT(ns >= 0 && ns < 9.2e18);
  return Duration(
      static_cast<std::int64_t>(ns + 0.5));  // the cast is floor for what is not negative
}

// Copyable; draws allocate nothing. As made by default it draws zeros.
class Sampler {
 public:
  Sampler() = default;
  explicit Sampler(const Law& law);

  // A finite number >= 0 in the unit of the law.
  double draw(Draws& draws) const {
    // Most draws of a run are arrival gaps and demands of these two kinds; the rest go through a
    // table.
    if (const auto* exponential = std::get_if<compiled::Exponential>(&form_)) {
      return exponential->draw(draws);
    }
    if (const auto* constant = std::get_if<compiled::Constant>(&form_))
      return constant->draw(draws);
    return draw_other(draws);
  }

  // True when every draw is the same.
  bool is_constant() const { return std::holds_alternative<compiled::Constant>(form_); }

  // For a law in nanoseconds.
  Duration draw_duration(Draws& draws) const { return duration_from_nanoseconds(draw(draws)); }

 private:
  double draw_other(Draws& draws) const;

  compiled::Form form_;
};

}  // namespace cotenant
