// SPDX-License-Identifier: Apache-2.0
//
// `cotenant validate`: read all recordings, replay one after the other, write once. A recording
// that is damaged is an error, like an invalid scenario; one that needs what is not modeled is left
// out, and a sentence on standard error says why.
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "study/writers/display.h"
#include "validation/agreement/agreement.h"
#include "validation/agreement/write_agreement.h"
#include "validation/recording/bundle.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

struct Recordings {
  std::vector<Bundle> bundles;  // those that can be replayed
  bool all_valid = true;
};

Recordings read_all(const std::vector<std::string>& folders, Environment& environment) {
  Recordings recordings;
  for (const std::string& folder : folders) {
    Checked<Bundle> bundle = read_bundle(folder);
    if (!bundle.ok()) {
      print(bundle.diagnostics(), folder, environment.err);
      recordings.all_valid = false;
      continue;
    }
    if (const std::string why = why_not_replayed(*bundle); !why.empty()) {
      environment.err << printable(bundle->name + ": not replayed: " + why) << '\n';
      continue;
    }
    recordings.bundles.push_back(std::move(bundle).value());
  }
  return recordings;
}

SimulationOptions options_of(const ValidateArguments& arguments, const Environment& environment) {
  SimulationOptions options;
  options.overhead = arguments.overhead;
  options.phases = arguments.phases;
  options.seed = arguments.seed;
  options.jobs = arguments.jobs.value_or(environment.cores);
  options.stop = &environment.stop_request.stop;
  return options;
}

struct Agreements {
  std::vector<BundleAgreement> list;
  bool all_valid = true;
};

// Ends early when a stop is asked for: what is done is in the result.
Agreements compare_all(const std::vector<Bundle>& bundles, const ValidateArguments& arguments,
                       Environment& environment) {
  Agreements agreements;
  for (const Bundle& bundle : bundles) {
    const auto simulation = simulate(bundle, options_of(arguments, environment));
    if (!simulation.ok()) {
      print(simulation.diagnostics(), bundle.directory.string(), environment.err);
      agreements.all_valid = false;
      continue;
    }
    if (!simulation->has_value()) break;
    agreements.list.push_back(compare(bundle, **simulation));
  }
  return agreements;
}

}  // namespace

ExitCode validate_command(const ValidateArguments& arguments, Environment& environment) {
  if (!arguments.output.empty()) check_writable(arguments.output);
  const Recordings recordings = read_all(arguments.folders, environment);
  if (!recordings.all_valid || recordings.bundles.empty()) return ExitCode::invalid_scenario;

  const Agreements agreements = compare_all(recordings.bundles, arguments, environment);
  if (!agreements.all_valid) return ExitCode::invalid_scenario;
  const std::string text = arguments.format == AgreementFormat::json
                               ? agreement_json(agreements.list)
                               : agreement_text(agreements.list);
  write_result(arguments.output, text, environment.out);
  const std::size_t missing = recordings.bundles.size() - agreements.list.size();
  if (missing == 0) return ExitCode::ok;
  environment.err << "cotenant: interrupted: " << missing << " of " << recordings.bundles.size()
                  << " recordings were not replayed\n";
  return ExitCode::interrupted;
}

}  // namespace cotenant
