// SPDX-License-Identifier: Apache-2.0
//
// `cotenant run`: load everything, simulate one scenario after the other, write once.
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/time_limit.h"
#include "cli/version.h"
#include "scenarios/quantity.h"
#include "study/objectives.h"
#include "study/writers/display.h"
#include "study/writers/write_csv.h"
#include "study/writers/write_json.h"
#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"

namespace cotenant {
namespace {

ProgressMeter::Form progress_form(const RunArguments& arguments, const Environment& environment) {
  if (arguments.quiet) return ProgressMeter::Form::none;
  if (environment.err_is_terminal) return ProgressMeter::Form::redrawn_line;
  return arguments.progress ? ProgressMeter::Form::separate_lines : ProgressMeter::Form::none;
}

bool use_color(const RunArguments& arguments, const Environment& environment) {
  switch (arguments.color) {
    case ColorChoice::always:
      return true;
    case ColorChoice::never:
      return false;
    case ColorChoice::automatic:
      break;
  }
  return arguments.output.empty() && environment.out_is_terminal && !environment.no_color;
}

// Why a run was asked to stop, for the report and the user.
std::string stop_reason(const RunArguments& arguments, const Environment& environment) {
  if (environment.stop_request.interrupted) return "interrupted";
  return "the time limit of " + to_text(*arguments.time_limit) + " was reached";
}

Checked<Report> simulate(const LoadedScenario& loaded, const RunArguments& arguments,
                         Environment& environment) {
  ProgressMeter meter(environment.err, progress_form(arguments, environment), environment.err_width,
                      environment.clock);
  StudyOptions options;
  options.seed = arguments.seed;
  options.replications = arguments.replications;
  options.jobs = arguments.jobs.value_or(environment.cores);
  options.stop = &environment.stop_request.stop;
  options.progress = [&meter](const Progress& progress) { meter.update(progress); };
  return environment.study(loaded.scenario, loaded.input.directory, options);
}

struct Results {
  std::vector<Report> reports;
  bool all_valid = true;
};

// Ends early when a stop is asked for: what is done is in the result.
Results simulate_all(const std::vector<LoadedScenario>& scenarios, const RunArguments& arguments,
                     Environment& environment) {
  Results results;
  const TimeLimit limit(arguments.time_limit, environment.stop_request.stop);
  for (const LoadedScenario& loaded : scenarios) {
    if (!results.reports.empty() && environment.stop_request.stop) break;
    Checked<Report> checked = simulate(loaded, arguments, environment);
    if (!checked.ok()) {
      print(checked.diagnostics(), loaded.input.name, environment.err);
      results.all_valid = false;
      continue;
    }
    Report report = std::move(checked).value();
    report.provenance.build = build_text();
    if (!report.provenance.complete && environment.stop_request.stop) {
      report.provenance.incomplete_because = stop_reason(arguments, environment);
    }
    results.reports.push_back(std::move(report));
  }
  return results;
}

std::string in_format(const std::vector<Report>& reports, const RunArguments& arguments,
                      const Environment& environment) {
  if (arguments.format == ReportFormat::json) {
    return arguments.files.size() == 1 ? write_json(reports.front()) : write_json(reports);
  }
  TextOptions text_options;
  text_options.color = use_color(arguments, environment);
  text_options.today = environment.today;
  MarkdownOptions markdown_options;
  markdown_options.today = environment.today;
  if (arguments.output.empty()) text_options.width = environment.out_width;
  std::string text;
  for (const Report& report : reports) {
    if (!text.empty()) text += '\n';
    if (arguments.format == ReportFormat::csv) text += write_csv(report);
    if (arguments.format == ReportFormat::markdown)
      text += write_markdown(report, markdown_options);
    if (arguments.format == ReportFormat::text) text += write_text(report, text_options);
  }
  return text;
}

ExitCode exit_code(const Results& results, std::size_t scenarios, const Environment& environment) {
  bool complete = results.reports.size() == scenarios;
  bool missed = false;
  for (const Report& report : results.reports) {
    complete = complete && report.provenance.complete;
    missed = missed || misses_an_objective(report);
  }
  if (!complete) {
    return environment.stop_request.interrupted ? ExitCode::interrupted : ExitCode::incomplete;
  }
  return missed ? ExitCode::objective_missed : ExitCode::ok;
}

void say_what_is_missing(std::size_t reports, std::size_t scenarios, const RunArguments& arguments,
                         Environment& environment) {
  if (reports == scenarios || !environment.stop_request.stop) return;
  environment.err << "cotenant: " << stop_reason(arguments, environment) << ": "
                  << scenarios - reports << " of " << scenarios << " scenarios were not run\n";
}

}  // namespace

ExitCode run_command(const RunArguments& arguments, Environment& environment) {
  if (!arguments.output.empty()) check_writable(arguments.output);
  const std::vector<LoadedScenario> scenarios =
      load({arguments.files, arguments.sets, arguments.catalogs}, environment);
  if (scenarios.size() < arguments.files.size()) return ExitCode::invalid_scenario;

  const Results results = simulate_all(scenarios, arguments, environment);
  if (!results.all_valid) return ExitCode::invalid_scenario;
  const std::string text = in_format(results.reports, arguments, environment);
  if (arguments.output.empty()) {
    write_stream(environment.out, text);
  } else {
    write_file(arguments.output, text);
  }
  say_what_is_missing(results.reports.size(), scenarios.size(), arguments, environment);
  return exit_code(results, scenarios.size(), environment);
}

}  // namespace cotenant
