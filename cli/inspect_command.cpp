// SPDX-License-Identifier: Apache-2.0
//
// `cotenant inspect`: where the time of single requests went, as waterfalls.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/color.h"
#include "cli/commands.h"
#include "cli/known_name.h"
#include "cli/load.h"
#include "cli/output.h"
#include "study/writers/write_inspection.h"

namespace cotenant {
namespace {

// Bars need room, and longer lines are not read.
constexpr std::size_t kNarrowest = 80;
constexpr std::size_t kWidest = 100;

bool knows_names(const InspectOptions& options, const LoadedScenario& loaded, std::ostream& err) {
  const bool knows_setup =
      is_known({"--setup", "setup", options.setup}, setup_names(loaded.scenario), loaded, err);
  const bool knows_class = is_known({"--class", "request class", options.request_class},
                                    class_names(loaded.scenario), loaded, err);
  return knows_setup && knows_class;
}

std::string in_format(const Inspection& inspection, const InspectArguments& arguments,
                      const Environment& environment) {
  if (arguments.format == InspectFormat::json) return write_inspection_json(inspection);
  WaterfallOptions options;
  options.color = use_color(arguments.color, arguments.output, environment);
  if (arguments.output.empty()) {
    options.width = std::clamp(environment.out_width, kNarrowest, kWidest);
  }
  return write_inspection_text(inspection, options);
}

}  // namespace

ExitCode inspect_command(const InspectArguments& arguments, Environment& environment) {
  if (!arguments.output.empty()) check_writable(arguments.output);
  const std::vector<LoadedScenario> scenarios =
      load({arguments.files, arguments.sets, arguments.catalogs}, environment);
  if (scenarios.empty()) return ExitCode::invalid_scenario;
  const LoadedScenario& loaded = scenarios.front();
  InspectOptions options = arguments.options;
  if (!knows_names(options, loaded, environment.err)) return ExitCode::usage;

  options.jobs = arguments.jobs.value_or(environment.cores);
  options.stop = &environment.stop_request.stop;
  const Checked<Inspection> inspection =
      environment.inspect(loaded.scenario, loaded.input.directory, options);
  if (!inspection.ok()) {
    print(inspection.diagnostics(), loaded.input.name, environment.err);
    return ExitCode::invalid_scenario;
  }
  write_result(arguments.output, in_format(inspection.value(), arguments, environment),
               environment.out);
  return environment.stop_request.interrupted ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace cotenant
