// SPDX-License-Identifier: Apache-2.0
//
// What the commands that read files or tables do. Problems of input and output are exceptions
// (CannotRead, CannotWrite); run_cli() turns them into a message and an exit code.
#pragma once

#include "cli/arguments.h"
#include "cli/environment.h"
#include "cli/exit_code.h"

namespace cotenant {

ExitCode run_command(const RunArguments& arguments, Environment& environment);
ExitCode inspect_command(const InspectArguments& arguments, Environment& environment);
ExitCode check_command(const CheckArguments& arguments, Environment& environment);
ExitCode graph_command(const GraphArguments& arguments, Environment& environment);
ExitCode presets_command(const PresetsArguments& arguments, Environment& environment);
ExitCode plans_command(const PlansArguments& arguments, Environment& environment);
ExitCode calibrate_command(const CalibrateArguments& arguments, Environment& environment);
ExitCode import_command(const ImportArguments& arguments, Environment& environment);
ExitCode capture_command(const CaptureArguments& arguments, Environment& environment);
ExitCode validate_command(const ValidateArguments& arguments, Environment& environment);

}  // namespace cotenant
