// SPDX-License-Identifier: Apache-2.0
//
// `cotenant import`: reads all files, says of each line what became of it, and writes a scenario
// that `cotenant check` accepts, or nothing.
#include <filesystem>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "study/writers/display.h"
#include "validation/capture/write_bundle.h"
#include "validation/import/import_bundle.h"
#include "validation/import/import_trace.h"
#include "validation/import/imported_scenario.h"
#include "validation/import/log_report.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

// As a scenario beside `output` finds it.
std::string trace_for(const ImportArguments& arguments) {
  if (arguments.trace.empty()) return "";
  const fs::path directory =
      arguments.output.empty() ? fs::current_path() : fs::absolute(arguments.output).parent_path();
  return fs::absolute(arguments.trace).lexically_relative(directory).string();
}

bool read_all(const ImportArguments& arguments, const ImportOptions& options, Imported& imported,
              Environment& environment) {
  bool all_valid = true;
  for (const std::string& file : arguments.files) {
    const Diagnostics problems = import_file(file, options, imported);
    print(problems, file, environment.err);
    all_valid = all_valid && problems.empty();
  }
  return all_valid;
}

std::string kinds_text(const Imported& imported) {
  std::string text;
  for (const ImportedFile& file : imported.files) {
    if (file.kind == InputKind::access_log) continue;  // the report has it
    text += printable(file.name) + ": " + std::string(kind_name(file.kind)) + "\n";
  }
  return text;
}

// Everything that was understood, and nothing else.
void explain(const ImportArguments& arguments, const Imported& imported, Environment& environment) {
  if (arguments.format == ImportFormat::json) {
    return write_stream(environment.out,
                        "{\"report\": " + log_report_json(imported.logs) +
                            ",\n\"findings\": " + findings_json(imported.findings) + "}\n");
  }
  write_stream(environment.out, kinds_text(imported) + log_report_text(imported.logs) +
                                    findings_text(imported.findings, environment.out_width));
}

void write_all(const ImportArguments& arguments, const ImportOptions& options, Imported& imported,
               const Scenario& scenario, Environment& environment) {
  try {
    if (!arguments.trace.empty()) write_imported_trace(arguments.trace, imported, options);
    if (!arguments.bundle.empty()) {
      write_imported_bundle(arguments.bundle, imported, options, scenario);
    }
  } catch (const CannotWriteTrace& error) {
    throw CannotWrite(error.what());
  } catch (const CannotWriteBundle& error) {
    throw CannotWrite(error.what());
  }
  write_result(arguments.output, encode(scenario), environment.out);
}

}  // namespace

ExitCode import_command(const ImportArguments& arguments, Environment& environment) {
  for (const std::string* file : {&arguments.output, &arguments.trace}) {
    if (!file->empty()) check_writable(*file);
  }
  ImportOptions options = arguments.options;
  options.replay = trace_for(arguments);
  Imported imported(options);
  if (!read_all(arguments, options, imported, environment)) return ExitCode::invalid_scenario;
  if (!arguments.trace.empty() && imported.logs.requests() == 0) {
    environment.err << "cotenant: --replay needs an access log\n";
    return ExitCode::usage;
  }
  const Checked<Scenario> scenario = imported_scenario(imported, options);
  if (!scenario.ok()) {
    print(scenario.diagnostics(), "import", environment.err);
    return ExitCode::invalid_scenario;
  }
  if (arguments.explain) {
    explain(arguments, imported, environment);
    return ExitCode::ok;
  }
  environment.err << (arguments.format == ImportFormat::json
                          ? findings_json(imported.findings)
                          : findings_text(imported.findings, environment.err_width));
  // What two files say may not fit together, as requests above limits.
  const Checked<Scenario> valid = decode(encode(*scenario));
  if (!valid.ok()) {
    print(valid.diagnostics(), "the imported scenario", environment.err);
    return ExitCode::invalid_scenario;
  }
  write_all(arguments, options, imported, *scenario, environment);
  return ExitCode::ok;
}

}  // namespace cotenant
