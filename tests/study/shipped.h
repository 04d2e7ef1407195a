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

// Of a setup, a class or an operation.
template <class Of>
double value(const Of& of, Metric metric) {
  return of.metrics[static_cast<std::size_t>(metric)].value.value_or(-1);
}

inline const ClassReport& of_class(const SetupReport& setup, const std::string& name) {
  for (const ClassReport& each : setup.classes) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no class " + name);
}

// The first service, which is the one that clients see, as the server that it is.
template <class Server>
Server& first_server(Scenario& scenario) {
  return std::get<Server>(scenario.application.front().second.server);
}

inline RequestClass& class_named(Scenario& scenario, const std::string& name) {
  for (auto& [each, request_class] : scenario.workload.requests) {
    if (each == name) return request_class;
  }
  throw std::runtime_error("no class " + name);
}

// The same with the requests of one class and no others.
inline Scenario only_class(Scenario scenario, const std::string& name) {
  const RequestClass request_class = class_named(scenario, name);
  scenario.workload.requests = {{name, request_class}};
  scenario.objectives.clear();
  return scenario;
}

}  // namespace cotenant
