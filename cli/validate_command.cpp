// SPDX-License-Identifier: Apache-2.0
//
// `cotenant validate`: read all recordings and captures, predict one after the other, write once.
// One that is damaged is an error, like an invalid scenario; one that needs what is not modeled, or
// what no parameters say, is left out, and a sentence on standard error says why.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/recordings.h"
#include "scenarios/parameter_set.h"
#include "study/writers/display.h"
#include "validation/agreement/agreement.h"
#include "validation/agreement/decisions.h"
#include "validation/agreement/parameter_spread.h"
#include "validation/agreement/write_agreement.h"
#include "validation/calibration/captured_agreement.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

// Nothing where none are asked for; `valid` becomes false where those in the file are not.
std::optional<ParameterSet> read_parameters(const std::string& file, Environment& environment,
                                            bool& valid) {
  if (file.empty()) return std::nullopt;
  Checked<ParameterSet> set = decode_parameters(read_input(file, environment.in).text);
  if (set.ok()) return std::move(set).value();
  print(set.diagnostics(), file, environment.err);
  valid = false;
  return std::nullopt;
}

void leave_out(const std::string& name, const std::string& what, const std::string& why,
               Environment& environment) {
  environment.err << printable(name + ": not " + what + ": " + why) << '\n';
}

// Only those that can be.
std::vector<Bundle> replayable(std::vector<Bundle> bundles, Environment& environment) {
  std::erase_if(bundles, [&](const Bundle& bundle) {
    const std::string why = why_not_replayed(bundle);
    if (!why.empty()) leave_out(bundle.name, "replayed", why, environment);
    return !why.empty();
  });
  return bundles;
}

std::vector<CapturedApplication> predictable(std::vector<CapturedApplication> captures,
                                             const std::optional<ParameterSet>& parameters,
                                             Environment& environment) {
  std::erase_if(captures, [&](const CapturedApplication& application) {
    const std::string why =
        parameters ? why_not_predicted(application.capture, *parameters)
                   : "what its requests need has to be fitted to another capture (--parameters)";
    if (!why.empty()) leave_out(application.capture.name, "predicted", why, environment);
    return !why.empty();
  });
  return captures;
}

class Validator {
 public:
  Validator(const ValidateArguments& arguments, const std::optional<ParameterSet>& parameters,
            Environment& environment)
      : parameters_(parameters), environment_(environment) {
    options_.overhead = arguments.overhead;
    options_.phases = arguments.phases;
    options_.seed = arguments.seed;
    options_.jobs = arguments.jobs.value_or(environment.cores);
    options_.stop = &environment.stop_request.stop;
    if (parameters_) options_.parameters = &*parameters_;
  }

  // They end early when a stop is asked for: what is done is in the result.
  void replay(const std::vector<Bundle>& bundles) {
    PredictionUncertainty uncertainty;
    if (parameters_) uncertainty.discrepancy = parameters_->discrepancy;
    for (const Bundle& bundle : bundles) {
      const auto simulation = simulate(bundle, options_);
      if (!simulation.ok()) {
        refuse(simulation.diagnostics(), bundle.directory.string());
        continue;
      }
      const auto spread = parameter_spread(bundle, options_);
      if (!simulation->has_value() || !spread) return;
      uncertainty.parameters = *spread;
      result.agreements.push_back(compare(bundle, **simulation, uncertainty));
      ++done;
    }
    result.decisions = decisions(bundles, result.agreements);
  }

  void predict(const std::vector<CapturedApplication>& captures) {
    CalibrationOptions options;
    options.seed = options_.seed;
    options.phases = options_.phases;
    options.jobs = options_.jobs;
    options.stop = options_.stop;
    for (const CapturedApplication& application : captures) {
      if (const std::string others = what_is_left_out(application.capture); !others.empty()) {
        environment_.err << printable(application.capture.name + ": " + others) << '\n';
      }
      const auto agreements =
          captured_agreement(application.capture, application.folder, *parameters_, options);
      if (!agreements.ok()) {
        refuse(agreements.diagnostics(), application.folder.string());
        continue;
      }
      if (!agreements->has_value()) return;
      for (const BundleAgreement& each : **agreements) result.agreements.push_back(each);
      ++done;
    }
  }

  Validation result;
  bool all_valid = true;
  std::size_t done = 0;  // recordings and captures

 private:
  void refuse(const Diagnostics& problems, const std::string& folder) {
    print(problems, folder, environment_.err);
    all_valid = false;
  }

  const std::optional<ParameterSet>& parameters_;
  Environment& environment_;
  SimulationOptions options_;
};

}  // namespace

ExitCode validate_command(const ValidateArguments& arguments, Environment& environment) {
  if (!arguments.output.empty()) check_writable(arguments.output);
  Recordings recordings = read_recordings(arguments.folders, environment);
  bool valid = recordings.all_valid;
  const auto parameters = read_parameters(arguments.parameters, environment, valid);
  if (!valid) return ExitCode::invalid_scenario;

  const auto bundles = replayable(std::move(recordings.input.recordings), environment);
  const auto captures = predictable(std::move(recordings.input.captures), parameters, environment);
  if (bundles.empty() && captures.empty()) return ExitCode::invalid_scenario;
  Validator validator(arguments, parameters, environment);
  validator.replay(bundles);
  validator.predict(captures);
  if (!validator.all_valid) return ExitCode::invalid_scenario;
  const std::string text = arguments.format == AgreementFormat::json
                               ? agreement_json(validator.result)
                               : agreement_text(validator.result);
  write_result(arguments.output, text, environment.out);
  const std::size_t all = bundles.size() + captures.size();
  if (validator.done == all) return ExitCode::ok;
  environment.err << "cotenant: interrupted: " << all - validator.done << " of " << all
                  << " recordings were not replayed\n";
  return ExitCode::interrupted;
}

}  // namespace cotenant
