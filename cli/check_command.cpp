// SPDX-License-Identifier: Apache-2.0
//
// `cotenant check`: all problems of all files, or a short summary of what was understood.
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "scenarios/cannot_run.h"
#include "scenarios/compile.h"
#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// "2 setups: vps, shared".
template <class Value>
std::string listed(const Named<Value>& named, const std::string& one, const std::string& many) {
  std::string text = std::to_string(named.size()) + " " + (named.size() == 1 ? one : many) + ": ";
  for (std::size_t i = 0; i < named.size(); ++i) {
    text += (i == 0 ? "" : ", ") + printable(named[i].first);
  }
  return text;
}

// "  site cannot run: its plan does not run …", a line for each of these setups.
std::string unable(const Scenario& scenario) {
  std::string text;
  for (const auto& [name, setup] : scenario.setups) {
    const std::vector<std::string> reasons = reasons_against(scenario, setup);
    if (reasons.empty()) continue;
    text += "  " + printable(name) + " cannot run: its plan " + enumerated(reasons) + "\n";
  }
  return text;
}

std::string summary(const LoadedScenario& loaded) {
  const Scenario& scenario = loaded.scenario;
  return printable(loaded.input.name) + ": ok\n  " + listed(scenario.setups, "setup", "setups") +
         "\n  " + listed(scenario.workload.requests, "request class", "request classes") + "; " +
         std::to_string(scenario.study.replications) +
         (scenario.study.replications == 1 ? " replication" : " replications") + " of " +
         plain_duration(static_cast<double>(scenario.study.duration.count()) / 1e9) + "\n" +
         unable(scenario);
}

}  // namespace

ExitCode check_command(const CheckArguments& arguments, Environment& environment) {
  const std::vector<LoadedScenario> scenarios =
      load({arguments.files, arguments.sets, arguments.catalogs}, environment);
  bool all_valid = scenarios.size() == arguments.files.size();
  std::string text;
  for (const LoadedScenario& loaded : scenarios) {
    // Compiling also reads the recordings that the scenario names.
    const auto blueprints = compile(loaded.scenario, loaded.input.directory);
    if (blueprints.ok()) {
      text += summary(loaded);
    } else {
      print(blueprints.diagnostics(), loaded.input.name, environment.err);
      all_valid = false;
    }
  }
  write_stream(environment.out, text);
  return all_valid ? ExitCode::ok : ExitCode::invalid_scenario;
}

}  // namespace cotenant
