// SPDX-License-Identifier: Apache-2.0
//
// A random law of a duration with roughly a given mean: every kind of law that a scenario may use
// except the recorded one, which needs a recording.
#pragma once

#include "scenarios/scenario.h"
#include "tests/support/die.h"

namespace cotenant {

struct LawChoice {
  bool random = true;  // otherwise constant
  bool exotic = true;  // otherwise constant, exponential or lognormal
  bool zero = false;   // some are exactly zero
};

DurationLaw random_law(Die& die, double mean_ns, const LawChoice& choice);

}  // namespace cotenant
