// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "cli/run_cli.h"

#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <variant>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/version.h"
#include "scenarios/schema.h"
#include "sim/base/assert.h"
#include "study/writers/display.h"

namespace cotenant {
namespace {

ExitCode carry_out(const RunArguments& arguments, Environment& environment) {
  return run_command(arguments, environment);
}
ExitCode carry_out(const InspectArguments& arguments, Environment& environment) {
  return inspect_command(arguments, environment);
}
ExitCode carry_out(const CheckArguments& arguments, Environment& environment) {
  return check_command(arguments, environment);
}
ExitCode carry_out(const GraphArguments& arguments, Environment& environment) {
  return graph_command(arguments, environment);
}
ExitCode carry_out(const PresetsArguments& arguments, Environment& environment) {
  return presets_command(arguments, environment);
}
ExitCode carry_out(const PlansArguments& arguments, Environment& environment) {
  return plans_command(arguments, environment);
}
ExitCode carry_out(const CaptureArguments& arguments, Environment& environment) {
  return capture_command(arguments, environment);
}
ExitCode carry_out(const CalibrateArguments& arguments, Environment& environment) {
  return calibrate_command(arguments, environment);
}
ExitCode carry_out(const ValidateArguments& arguments, Environment& environment) {
  return validate_command(arguments, environment);
}
ExitCode carry_out(const ImportArguments& arguments, Environment& environment) {
  return import_command(arguments, environment);
}
ExitCode carry_out(const SchemaArguments&, Environment& environment) {
  write_stream(environment.out, scenario_schema());
  return ExitCode::ok;
}
ExitCode carry_out(const VersionArguments&, Environment& environment) {
  write_stream(environment.out, version_text());
  return ExitCode::ok;
}
ExitCode carry_out(const Message& message, Environment& environment) {
  if (message.code == ExitCode::ok) {
    write_stream(environment.out, message.text);
  } else {
    environment.err << message.text;
  }
  return message.code;
}

// A word as a POSIX shell needs it.
std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./,:@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

void print_bug(std::string_view what, std::span<const std::string> words,
               Environment& environment) {
  environment.err << "cotenant: internal error: " << printable(what)
                  << "\nThis is a bug in Cotenant (" << build_text()
                  << "). Please report it with what this command reads:\n  cotenant";
  for (const std::string& word : words) environment.err << ' ' << printable(shell_word(word));
  environment.err << '\n';
}

ExitCode failed(ExitCode code, std::string_view what, Environment& environment) {
  environment.err << "cotenant: " << what << '\n';
  return code;
}

ExitCode guarded(std::span<const std::string> words, Environment& environment) {
  try {
    return std::visit([&](const auto& command) { return carry_out(command, environment); },
                      parse_arguments(words));
  } catch (const CannotWrite& error) {
    return failed(ExitCode::cannot_write, error.what(), environment);
  } catch (const std::bad_alloc&) {
    return failed(ExitCode::internal_error, "there is not enough memory", environment);
  } catch (const std::logic_error& error) {  // Bug is one
    print_bug(error.what(), words, environment);
    return ExitCode::internal_error;
  } catch (const std::runtime_error& error) {
    // CannotRead, or the same from a recording that a scenario names.
    return failed(ExitCode::cannot_read, printable(error.what()), environment);
  } catch (const std::exception& error) {
    print_bug(error.what(), words, environment);
    return ExitCode::internal_error;
  }
}

}  // namespace

int run_cli(std::span<const std::string> words, Environment& environment) {
  return number(guarded(words, environment));
}

}  // namespace cotenant
