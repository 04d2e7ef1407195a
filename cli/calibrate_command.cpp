// SPDX-License-Identifier: Apache-2.0
//
// `cotenant calibrate`: read all recordings, fit, write the parameters once and say how well they
// fit. Recordings that tell nothing are left out, and a sentence says why.
#include <string>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/recordings.h"
#include "study/writers/display.h"
#include "validation/calibration/calibrate.h"
#include "validation/calibration/write_calibration.h"

namespace cotenant {
namespace {

CalibrationOptions options_of(const CalibrateArguments& arguments, Environment& environment) {
  CalibrationOptions options;
  options.seed = arguments.seed;
  options.jobs = arguments.jobs.value_or(environment.cores);
  options.stop = &environment.stop_request.stop;
  if (environment.err_is_terminal && !arguments.quiet) {
    options.progress = [&environment](const std::string& what) {
      environment.err << "cotenant: finding out " << printable(what) << '\n';
    };
  }
  return options;
}

}  // namespace

ExitCode calibrate_command(const CalibrateArguments& arguments, Environment& environment) {
  check_writable(arguments.output);
  const Recordings recordings = read_recordings(arguments.folders, environment);
  if (!recordings.all_valid) return ExitCode::invalid_scenario;

  const auto calibration = calibrate(recordings.input, options_of(arguments, environment));
  if (!calibration.ok()) {
    print(calibration.diagnostics(), "calibration", environment.err);
    return ExitCode::invalid_scenario;
  }
  if (!calibration->has_value()) {
    environment.err << "cotenant: interrupted: nothing was written\n";
    return ExitCode::interrupted;
  }
  write_stream(environment.out, calibration_text(**calibration));
  const ParameterSet& parameters = (*calibration)->parameters;
  if (parameters.parameters.empty()) {
    environment.err << "cotenant: nothing could be fitted: no file was written\n";
    return ExitCode::invalid_scenario;
  }
  write_file(arguments.output, encode(parameters));
  return ExitCode::ok;
}

}  // namespace cotenant
