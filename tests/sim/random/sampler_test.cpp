// SPDX-License-Identifier: Apache-2.0
//
// What samplers draw, against the laws they were made from: moments against mean() and
// standard_deviation() (checked independently in law_test), and the share of draws below a quantile
// that Boost.Math or a closed form gives. A million draws each; limits of 4.5 standard errors,
// which one check in 150,000 would fail by chance, and the draws are fixed.
#include "sim/random/sampler.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hyperexponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kDraws = 1'000'000;

using Quantile = std::function<double(double)>;

struct Case {
  std::string name;
  Law law;
  Quantile quantile;
};

template <class Distribution>
Quantile boost_quantile(const Distribution& distribution) {
  return [distribution](double p) { return boost::math::quantile(distribution, p); };
}

Case normal(double mean, double cv) {
  const boost::math::normal_distribution<double> whole(mean, mean * cv);
  const double cut = boost::math::cdf(whole, 0.0);
  return {"normal", law::Normal{mean, cv},
          [=](double p) { return boost::math::quantile(whole, cut + p * (1 - cut)); }};
}

Case lognormal(double mean, double cv) {
  const double sigma = std::sqrt(std::log1p(cv * cv));
  const double location = std::log(mean) - sigma * sigma / 2;
  return {"lognormal", law::Lognormal{mean, cv},
          boost_quantile(boost::math::lognormal_distribution<double>(location, sigma))};
}

Case gamma(double mean, double cv) {
  const double shape = 1 / (cv * cv);
  return {"gamma", law::Gamma{mean, cv},
          boost_quantile(boost::math::gamma_distribution<double>(shape, mean / shape))};
}

Case erlang(double mean, std::uint32_t stages) {
  return {"erlang", law::Erlang{mean, stages},
          boost_quantile(boost::math::gamma_distribution<double>(stages, mean / stages))};
}

Case hyperexponential(double mean, double cv) {
  // Balanced means, from the textbook: p = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2, rates 2 p /
  // mean.
  const double p = (1 + std::sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
  const std::array<double, 2> shares = {p, 1 - p};
  const std::array<double, 2> rates = {2 * p / mean, 2 * (1 - p) / mean};
  return {"hyperexponential", law::Hyperexponential{mean, cv},
          boost_quantile(boost::math::hyperexponential_distribution<double>(shares, rates))};
}

Case weibull(double mean, double shape) {
  return {"weibull", law::Weibull{mean, shape},
          boost_quantile(
              boost::math::weibull_distribution<double>(shape, mean / std::tgamma(1 + 1 / shape)))};
}

Case pareto(double mean, double tail, double max) {
  const law::BoundedPareto law{mean, tail, max};
  const double min = max * std::exp(-log_range(law));  // law_test checks that it gives the mean
  return {"bounded pareto", law, [=](double p) {
            return min * std::pow(1 - p * (1 - std::pow(min / max, tail)), -1 / tail);
          }};
}

// A mixture with a distribution function that can be inverted by hand: disjoint uniform parts.
Case mixture() {
  return {"mixture",
          law::Mixture{{{3, law::Uniform{0, 6}}, {0, law::Constant{100}}, {1, law::Uniform{6, 7}}}},
          [](double p) { return p < 0.75 ? 8 * p : 6 + (p - 0.75) * 4; }};
}

std::vector<Case> cases() {
  return {
      {"exponential", law::Exponential{10},
       boost_quantile(boost::math::exponential_distribution<double>(0.1))},
      {"uniform", law::Uniform{2, 5}, [](double p) { return 2 + 3 * p; }},
      normal(10, 0.1),
      normal(10, 0.5),
      normal(10, 2),
      lognormal(10, 0.2),
      lognormal(10, 1),
      lognormal(10, 1.5),
      gamma(10, 0.1),
      gamma(10, 0.5),
      gamma(10, 1),
      gamma(10, 1.01),
      gamma(10, 2),
      gamma(10, 5),
      erlang(10, 1),
      erlang(10, 2),
      erlang(10, 4),
      erlang(10, 5),
      erlang(10, 100),
      hyperexponential(10, 1),
      hyperexponential(10, 2),
      hyperexponential(10, 5),
      weibull(10, 0.5),
      weibull(10, 1),
      weibull(10, 3),
      pareto(10, 0.8, 100),
      pareto(10, 1, 100),
      pareto(10, 1.5, 1000),
      pareto(10, 2.5, 50),
      {"empirical", law::Empirical{{{0, 1}, {0.5, 2}, {0.8, 2}, {1, 12}}},
       [](double p) { return p < 0.5    ? 1 + 2 * p
                             : p <= 0.8 ? 2
                                        : 2 + (p - 0.8) * 50; }},
      mixture(),
  };
}

std::vector<double> draw_many(const Law& law) {
  const Sampler sampler(law);
  const Stream stream = Stream::keyed(1, 0, "sampler_test", "");
  std::vector<double> values;
  values.reserve(kDraws);
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    Draws draws = stream.at(ordinal);
    values.push_back(sampler.draw(draws));
  }
  return values;
}

void expect_moments(const Case& c, const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  const double center = mean(c.law);
  const double deviation = standard_deviation(c.law);
  double sum = 0;
  double square = 0;
  double fourth = 0;
  for (const double value : values) {
    const double offset = value - center;
    sum += offset;
    square += offset * offset;
    fourth += offset * offset * offset * offset;
  }
  EXPECT_NEAR(sum / n, 0, 4.5 * deviation / std::sqrt(n)) << c.name << " mean";
  // The standard error of a mean square is sqrt((fourth moment - variance^2) / n).
  const double variance = square / n;
  const double error = std::sqrt((fourth / n - variance * variance) / n);
  EXPECT_NEAR(variance, deviation * deviation, 4.5 * error) << c.name << " variance";
}

void expect_quantiles(const Case& c, const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  for (const double p : {0.1, 0.5, 0.9, 0.99}) {
    const double quantile = c.quantile(p);
    double below = 0;
    double at = 0;
    for (const double value : values) {
      below += value < quantile ? 1 : 0;
      at += value == quantile ? 1 : 0;
    }
    // Where the law has a jump, p lies anywhere within it.
    const double allowed = 4.5 * std::sqrt(p * (1 - p) / n);
    EXPECT_LT(below / n, p + allowed) << c.name << " at " << p;
    EXPECT_GT((below + at) / n, p - allowed) << c.name << " at " << p;
  }
}

TEST(Sampler, DrawsHaveTheMomentsAndQuantilesOfTheLaw) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name + " with a mean of " + std::to_string(mean(c.law)) + ", a deviation of " +
                 std::to_string(standard_deviation(c.law)));
    const std::vector<double> values = draw_many(c.law);
    expect_moments(c, values);
    expect_quantiles(c, values);
  }
}

double draw_one(const Law& law, std::uint64_t ordinal) {
  Draws draws = Stream(21).at(ordinal);
  return Sampler(law).draw(draws);
}

TEST(Sampler, OfALawWithoutSpreadDrawsItsMean) {
  for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
    EXPECT_EQ(draw_one(law::Constant{5}, ordinal), 5);
    EXPECT_EQ(draw_one(law::Uniform{5, 5}, ordinal), 5);
    EXPECT_EQ(draw_one(law::Normal{5, 0}, ordinal), 5);
    EXPECT_EQ(draw_one(law::Lognormal{5, 0}, ordinal), 5);
    EXPECT_EQ(draw_one(law::Gamma{5, 0}, ordinal), 5);
    EXPECT_EQ(draw_one(law::Empirical{{{0, 5}, {1, 5}}}, ordinal), 5);
    // Almost none: eight standard deviations, or the whole range, are the most a draw can be off.
    EXPECT_NEAR(draw_one(law::Normal{5, 1e-9}, ordinal), 5, 5e-8);
    EXPECT_NEAR(draw_one(law::Lognormal{5, 1e-9}, ordinal), 5, 5e-8);
    EXPECT_NEAR(draw_one(law::Gamma{5, 1e-9}, ordinal), 5, 5e-8);
    EXPECT_NEAR(draw_one(law::Gamma{5, 2e-6}, ordinal), 5, 1e-4);
    EXPECT_NEAR(draw_one(law::Erlang{5, 4'000'000'000u}, ordinal), 5, 1e-3);
    EXPECT_NEAR(draw_one(law::Weibull{5, 1e6}, ordinal), 5, 3e-4);
    EXPECT_NEAR(draw_one(law::BoundedPareto{5, 2, 5.0001}, ordinal), 5, 2e-4);
  }
}

TEST(Sampler, StaysFiniteAndNotNegativeAtTheEdgesOfTheParameters) {
  std::vector<Law> laws;
  for (const double m : {1e-30, 1.0, 1e30}) {
    laws.insert(laws.end(),
                {law::Exponential{m}, law::Normal{m, 1e6}, law::Lognormal{m, 1e6},
                 law::Gamma{m, 1e6}, law::Erlang{m, 4'294'967'295u}, law::Hyperexponential{m, 1e6},
                 law::Weibull{m, 0.01}, law::Weibull{m, 1e6}});
  }
  for (const double tail : {1e-6, 0.01, 1.0, 2.0, 1e6}) {
    laws.insert(laws.end(),
                {law::BoundedPareto{1e-30, tail, 1e30}, law::BoundedPareto{1, tail, 1e9},
                 law::BoundedPareto{1, tail, 1 + 1e-15}});
  }
  for (const Law& law : laws) {
    EXPECT_TRUE(std::isfinite(mean(law)) && std::isfinite(standard_deviation(law))) << law.index();
    for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
      const double value = draw_one(law, ordinal);
      ASSERT_TRUE(value >= 0 && std::isfinite(value)) << law.index() << " drew " << value;
    }
  }
}

TEST(Sampler, AHyperexponentialOfCvOneIsExponential) {
  // Its two phases are equal, so the number that chooses between them does not matter.
  const Sampler exponential(law::Exponential{3});
  const Sampler hyperexponential(law::Hyperexponential{3, 1});
  for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
    Draws one = Stream(22).at(ordinal);
    Draws two = Stream(22).at(ordinal);
    one.next_unit();
    ASSERT_DOUBLE_EQ(exponential.draw(one), hyperexponential.draw(two));
  }
}

TEST(Sampler, ALargerMeanNeverMakesADrawSmaller) {
  const std::vector<std::function<Law(double)>> families = {
      [](double m) { return law::Exponential{m}; },
      [](double m) {
        return law::Uniform{0.5 * m, 1.5 * m};
      },
      [](double m) {
        return law::Normal{m, 0.6};
      },
      [](double m) {
        return law::Lognormal{m, 1.2};
      },
      [](double m) {
        return law::Gamma{m, 0.7};
      },
      [](double m) {
        return law::Gamma{m, 3};
      },
      [](double m) {
        return law::Erlang{m, 3};
      },
      [](double m) {
        return law::Hyperexponential{m, 4};
      },
      [](double m) {
        return law::Weibull{m, 0.6};
      },
      [](double m) {
        return law::BoundedPareto{m, 1.3, 100};
      },
      [](double m) {
        return law::Empirical{{{0, 0}, {0.9, m}, {1, 5 * m}}};
      },
      [](double m) {
        return law::Mixture{{{9, law::Exponential{m}}, {1, law::Lognormal{20 * m, 1}}}};
      },
  };
  for (std::size_t family = 0; family < families.size(); ++family) {
    const Sampler small(families[family](2.0));
    const Sampler large(families[family](2.02));
    for (std::uint64_t ordinal = 0; ordinal < 20'000; ++ordinal) {
      Draws one = Stream(23).at(ordinal);
      Draws two = Stream(23).at(ordinal);
      ASSERT_LE(small.draw(one), large.draw(two)) << family;
    }
  }
}

TEST(Sampler, EqualLuckIsTheSameQuantileUnderEveryInvertedLaw) {
  const std::vector<Law> inverted = {
      law::Exponential{3},  law::Normal{3, 0.2},
      law::Normal{3, 2},    law::Lognormal{3, 2},
      law::Weibull{3, 0.4}, law::BoundedPareto{3, 1.1, 500},
      law::Uniform{0, 6},   law::Empirical{{{0, 0}, {0.5, 1}, {1, 11}}},
  };
  const Stream stream(24);
  for (const Law& law : inverted) {
    const Sampler sampler(law);
    for (std::uint64_t ordinal = 0; ordinal < 50'000; ++ordinal) {
      // The law must order the luck of two ordinals as the bare numbers do.
      const double u = stream.at(ordinal).next_unit();
      const double v = stream.at(ordinal + 1).next_unit();
      Draws one = stream.at(ordinal);
      Draws two = stream.at(ordinal + 1);
      ASSERT_EQ(u < v, sampler.draw(one) < sampler.draw(two)) << law.index();
    }
  }
}

TEST(Sampler, MadeByDefaultDrawsZero) {
  Draws draws(1, 1);
  EXPECT_EQ(Sampler().draw(draws), 0);
}

TEST(Sampler, RefusesAnInvalidLaw) { EXPECT_THROW(Sampler(law::Exponential{-1}), Bug); }

TEST(Sampler, ACopyOwnsItsTables) {
  Sampler copy;
  {
    const Sampler original(law::Mixture{{{1, law::Empirical{{{0, 7}, {1, 7}}}}}});
    copy = original;
  }
  Draws draws(1, 1);
  EXPECT_EQ(copy.draw(draws), 7);
}

TEST(DurationFromNanoseconds, RoundsToTheNearestHalvesUp) {
  EXPECT_EQ(duration_from_nanoseconds(0.0).count(), 0);
  EXPECT_EQ(duration_from_nanoseconds(0.49).count(), 0);
  EXPECT_EQ(duration_from_nanoseconds(0.5).count(), 1);
  EXPECT_EQ(duration_from_nanoseconds(1.5).count(), 2);
  EXPECT_EQ(duration_from_nanoseconds(2.4999).count(), 2);
  EXPECT_EQ(duration_from_nanoseconds(9.1e18).count(), 9'100'000'000'000'000'000);
}

TEST(DurationFromNanoseconds, RefusesWhatIsNoDuration) {
  EXPECT_THROW(duration_from_nanoseconds(-1e-9), Bug);
  EXPECT_THROW(duration_from_nanoseconds(9.2e18), Bug);
  EXPECT_THROW(duration_from_nanoseconds(std::numeric_limits<double>::quiet_NaN()), Bug);
}

TEST(Sampler, DrawsDurationsOfALawInNanoseconds) {
  Draws draws(1, 1);
  EXPECT_EQ(Sampler(law::Constant{2.5e6}).draw_duration(draws), nanoseconds(2'500'000));
}

}  // namespace
}  // namespace cotenant
