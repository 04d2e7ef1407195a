// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_laws.h"

#include <utility>

namespace cotenant {
namespace {

DurationLaw empirical(Die& die, Duration mean) {
  const Duration middle = mean / 2;
  const double probability = die.real(0.3, 0.7);
  return {EmpiricalLaw{{{0, Duration(0)}, {probability, middle}, {1, mean * 2}}}};
}

DurationLaw mixture(Die& die, double mean_ns) {
  MixtureLaw law;
  const std::int64_t parts = die.whole(1, 3);
  for (std::int64_t i = 0; i < parts; ++i) {
    law.parts.push_back({die.real(0.1, 5), random_law(die, mean_ns, {true, false, false})});
  }
  return {std::move(law)};
}

DurationLaw exotic_law(Die& die, double mean_ns) {
  const Duration mean = die.near(mean_ns);
  switch (die.whole(0, 8)) {
    case 0:
      return {UniformLaw{mean / 2, mean * 2}};
    case 1:
      return {NormalLaw{mean, die.real(0.05, 1)}};
    case 2:
      return {GammaLaw{mean, die.real(0.2, 3)}};
    case 3:
      return {ErlangLaw{mean, die.whole(1, 6)}};
    case 4:
      return {HyperexponentialLaw{mean, die.real(1, 4)}};
    case 5:
      return {WeibullLaw{mean, die.real(0.5, 3)}};
    case 6:
      return {ParetoLaw{mean, die.real(0.8, 3), mean * die.whole(2, 50)}};
    case 7:
      return empirical(die, mean);
    default:
      return mixture(die, mean_ns);
  }
}

}  // namespace

DurationLaw random_law(Die& die, double mean_ns, const LawChoice& choice) {
  if (choice.zero && die.chance(0.3)) return {ConstantLaw{Duration(0)}};
  if (!choice.random || die.chance(0.2)) return {ConstantLaw{die.near(mean_ns)}};
  if (choice.exotic && die.chance(0.6)) return exotic_law(die, mean_ns);
  const Duration mean = die.near(mean_ns);
  if (die.chance(0.5)) return {ExponentialLaw{mean}};
  return {LognormalLaw{mean, die.real(0.1, 2)}};
}

}  // namespace cotenant
