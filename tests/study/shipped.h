// SPDX-License-Identifier: Apache-2.0
//
// The scenarios that are shipped, run as often as a test needs.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "scenarios/decode.h"
#include "study/study.h"

namespace cotenant {

inline Scenario shipped(const std::string& name) {
  std::ifstream in(std::filesystem::path(COTENANT_SOURCE_DIR) / "scenarios/library" / name);
  std::ostringstream text;
  text << in.rdbuf();
  Checked<Scenario> scenario = decode(text.str());
  if (!scenario) throw std::runtime_error(render(scenario.diagnostics(), name));
  return *std::move(scenario);
}

inline Report run_twice(const Scenario& scenario) {
  StudyOptions options;
  options.replications = 2;
  Checked<Report> report = run_study(scenario, ".", options);
  if (!report) throw std::runtime_error(render(report.diagnostics(), scenario.name));
  return *std::move(report);
}

inline double value(const SetupReport& setup, Metric metric) {
  return setup.metrics[static_cast<std::size_t>(metric)].value.value_or(-1);
}

}  // namespace cotenant
