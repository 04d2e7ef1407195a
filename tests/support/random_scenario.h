// SPDX-License-Identifier: Apache-2.0
//
// Valid scenarios at random, small enough to run thousands of them: all kinds of arrivals, laws,
// schedulers, groups, limits and server options. A seed first throws away a random subset of the
// features (swarm testing: Groce et al., ISSTA 2012), because a feature that is always there hides
// what only happens in its absence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/blueprint.h"
#include "scenarios/scenario.h"

namespace cotenant {

struct RandomScenario {
  Scenario scenario;
  std::string recording;  // the text of the file that replay arrivals name; may be empty
};

RandomScenario random_scenario(std::uint64_t seed);

// Compiles all setups; a scenario that does not compile is a Bug.
std::vector<Blueprint> blueprints_of(const RandomScenario& random);

}  // namespace cotenant
