// SPDX-License-Identifier: Apache-2.0
//
// The text of a scenario as far as a blueprint, and a run of it whose requests are all listed.
#pragma once

#include <stdexcept>
#include <string>

#include "models/step.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"

namespace cotenant {

// Of the first setup. Throws what is wrong with the text.
inline Blueprint blueprint_of_text(const std::string& text) {
  const Checked<Scenario> scenario = decode(text);
  if (!scenario.ok()) throw std::runtime_error(render(scenario.diagnostics(), "test"));
  return compile(*scenario, ".")->front();
}

inline RunRecord run_for(Duration horizon, const Blueprint& blueprint, std::uint64_t seed = 1) {
  RunOptions options;
  options.seed = seed;
  options.recorder.horizon = Instant() + horizon;
  options.recorder.log_requests = true;
  return run(blueprint, options);
}

inline RunRecord run_text(const std::string& text, Duration horizon, std::uint64_t seed = 1) {
  return run_for(horizon, blueprint_of_text(text), seed);
}

}  // namespace cotenant
