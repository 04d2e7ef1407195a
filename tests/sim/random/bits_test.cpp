// SPDX-License-Identifier: Apache-2.0
//
// The bits of what is drawn. Reports must be the same bytes with every compiler, optimization level
// and processor, so each law's draws have a fingerprint here. It was the same with g++ 12 and clang
// 14 at -O0 and -O3, with and without the instructions of the machine it was found on. Change one
// only together with a deliberate change of how a law is drawn: it changes the results of every
// scenario.
#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/hash.h"
#include "sim/random/choice.h"
#include "sim/random/math.h"
#include "sim/random/sampler.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kDraws = 100'000;

struct Fingerprint {
  Law law;
  std::uint64_t value;
};

std::uint64_t fingerprint_of(const Law& law) {
  const Sampler sampler(law);
  const Stream stream = Stream::keyed(1, 2, "bits", "test");
  Hasher hasher;
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    Draws draws = stream.at(ordinal);
    hasher.add(std::bit_cast<std::uint64_t>(sampler.draw(draws)));
  }
  hasher.add(std::bit_cast<std::uint64_t>(mean(law)));
  hasher.add(std::bit_cast<std::uint64_t>(standard_deviation(law)));
  return hasher.value();
}

TEST(Bits, OfEveryLawAreTheSameEverywhere) {
  const std::vector<Fingerprint> expected = {
      {law::Constant{3.7}, 0xbf116f9fa80bcb6au},
      {law::Exponential{3.7}, 0x369c0472c3a17340u},
      {law::Uniform{1.1, 3.7}, 0xd28d4c2059da6765u},
      {law::Normal{3.7, 0.8}, 0xd31911b1e69f2f7du},
      {law::Lognormal{3.7, 1.3}, 0x49f1687559f095e5u},
      {law::Gamma{3.7, 0.4}, 0x3d0a2926040d9df4u},
      {law::Gamma{3.7, 1.7}, 0x9a635a2fe340306eu},
      {law::Erlang{3.7, 3}, 0x89fd685438ead479u},
      {law::Erlang{3.7, 30}, 0x7285db5352dfa1cfu},
      {law::Hyperexponential{3.7, 2.2}, 0xf8e7e73b2ed3a28du},
      {law::Weibull{3.7, 0.6}, 0xce27b8b1b8e59857u},
      {law::BoundedPareto{3.7, 1.4, 900}, 0xad964469b1c84ea9u},
      {law::Empirical{{{0, 0.3}, {0.4, 1.1}, {0.95, 7.3}, {1, 50}}}, 0xbe26dfd2c9562499u},
      {law::Mixture{
           {{0.7, law::Exponential{1.1}}, {0.2, law::Gamma{9, 2}}, {0.1, law::Constant{30}}}},
       0x97f4ce71e6c2bf44u},
  };
  for (const Fingerprint& fingerprint : expected) {
    EXPECT_EQ(fingerprint_of(fingerprint.law), fingerprint.value) << fingerprint.law.index();
  }
}

TEST(Bits, OfChoicesAndCountsAreTheSameEverywhere) {
  const DiscreteChoice choice({0.1, 0.7, 1.9, 0.3});
  const GeometricCount count(4.4);
  const Stream stream = Stream::keyed(3, 4, "bits", "test");
  Hasher hasher;
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    Draws draws = stream.at(ordinal);
    hasher.add(choice.draw(draws));
    hasher.add(count.draw(draws));
    hasher.add(draws.next_below(1'000'003));
  }
  EXPECT_EQ(hasher.value(), 0x94902adf8024e7f1u);
}

TEST(Bits, OfTheElementaryFunctionsAreTheSameEverywhere) {
  const Stream stream = Stream::keyed(5, 6, "bits", "test");
  Hasher hasher;
  const auto add = [&hasher](double value) { hasher.add(std::bit_cast<std::uint64_t>(value)); };
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    Draws draws = stream.at(ordinal);
    const double u = draws.next_unit();
    const double wide = 1400 * (draws.next_unit() - 0.5);
    add(math::log(u));
    add(math::exp(wide));
    add(math::expm1(0.01 * wide));
    add(math::log1p(-u));
    add(math::pow(u, 0.01 * wide));
    add(math::normal_quantile(u));
    if (ordinal % 16 != 0) continue;
    add(math::log_gamma(20 * u));
    add(math::normal_cdf(0.02 * wide));
  }
  EXPECT_EQ(hasher.value(), 0xf80735b071d02eceu);
}

}  // namespace
}  // namespace cotenant
