// SPDX-License-Identifier: Apache-2.0
//
// `cotenant run`, `cotenant compare` and `cotenant explain`: load everything, simulate one scenario
// after the other, write once.
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/color.h"
#include "cli/commands.h"
#include "cli/known_name.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/time_limit.h"
#include "cli/version.h"
#include "scenarios/quantity.h"
#include "study/explain.h"
#include "study/objectives.h"
#include "study/writers/write_csv.h"
#include "study/writers/write_explanation.h"
#include "study/writers/write_json.h"
#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"
#include "study/writers/write_timeline.h"

namespace cotenant {
namespace {

ProgressMeter::Form progress_form(const RunArguments& arguments, const Environment& environment) {
  if (arguments.quiet) return ProgressMeter::Form::none;
  if (environment.err_is_terminal) return ProgressMeter::Form::redrawn_line;
  return arguments.progress ? ProgressMeter::Form::separate_lines : ProgressMeter::Form::none;
}

// Why a run was asked to stop, for the report and the user.
std::string stop_reason(const RunArguments& arguments, const Environment& environment) {
  if (environment.stop_request.interrupted) return "interrupted";
  return "the time limit of " + to_text(*arguments.time_limit) + " was reached";
}

// With cliffs where an explanation is wanted.
Checked<Explanation> simulate(const LoadedScenario& loaded, const RunArguments& arguments,
                              Environment& environment) {
  ProgressMeter meter(environment.err, progress_form(arguments, environment), environment.err_width,
                      environment.clock);
  StudyOptions options;
  options.seed = arguments.seed;
  options.replications = arguments.replications;
  options.jobs = arguments.jobs.value_or(environment.cores);
  options.baseline = arguments.baseline;
  options.timeline_slices = arguments.slices;
  options.stop = &environment.stop_request.stop;
  options.progress = [&meter](const Progress& progress) { meter.update(progress); };
  const std::filesystem::path& directory = loaded.input.directory;
  Checked<Report> report = environment.study(loaded.scenario, directory, options);
  if (!report.ok()) return report.diagnostics();
  Explanation explanation{std::move(report).value(), {}};
  if (arguments.purpose != ReportPurpose::explanation) return explanation;
  Checked<std::vector<Cliff>> cliffs =
      find_cliffs(loaded.scenario, explanation.report, directory, options);
  if (!cliffs.ok()) return cliffs.diagnostics();
  explanation.cliffs = std::move(cliffs).value();
  return explanation;
}

bool is_complete(const Explanation& explanation) {
  return explanation.report.provenance.complete &&
         std::none_of(explanation.cliffs.begin(), explanation.cliffs.end(),
                      [](const Cliff& cliff) { return cliff.stopped; });
}

struct Results {
  std::vector<Explanation> explanations;
  bool all_valid = true;
};

// Ends early when a stop is asked for: what is done is in the result.
Results simulate_all(const std::vector<LoadedScenario>& scenarios, const RunArguments& arguments,
                     Environment& environment) {
  Results results;
  const TimeLimit limit(arguments.time_limit, environment.stop_request.stop);
  for (const LoadedScenario& loaded : scenarios) {
    if (!results.explanations.empty() && environment.stop_request.stop) break;
    Checked<Explanation> checked = simulate(loaded, arguments, environment);
    if (!checked.ok()) {
      print(checked.diagnostics(), loaded.input.name, environment.err);
      results.all_valid = false;
      continue;
    }
    Explanation explanation = std::move(checked).value();
    Provenance& provenance = explanation.report.provenance;
    provenance.build = build_text();
    if (!provenance.complete && environment.stop_request.stop) {
      provenance.incomplete_because = stop_reason(arguments, environment);
    }
    results.explanations.push_back(std::move(explanation));
  }
  return results;
}

// The baseline must be a setup of every scenario; otherwise says which are, and returns false.
bool knows_baseline(const std::vector<LoadedScenario>& scenarios, const RunArguments& arguments,
                    Environment& environment) {
  bool known = true;
  for (const LoadedScenario& loaded : scenarios) {
    known &= is_known({"--baseline", "setup", arguments.baseline}, setup_names(loaded.scenario),
                      loaded, environment.err);
  }
  return known;
}

std::string as_text(const Explanation& explanation, ReportPurpose purpose,
                    const TextOptions& options) {
  switch (purpose) {
    case ReportPurpose::result:
      return write_text(explanation.report, options);
    case ReportPurpose::comparison:
      return write_comparison_text(explanation.report, options);
    case ReportPurpose::explanation:
      break;
  }
  return write_explanation_text(explanation, options);
}

std::string as_markdown(const Explanation& explanation, ReportPurpose purpose,
                        MarkdownOptions options) {
  if (purpose == ReportPurpose::explanation) {
    return write_explanation_markdown(explanation, options);
  }
  options.comparison = purpose == ReportPurpose::comparison;
  return write_markdown(explanation.report, options);
}

// One as an object, several as an array.
std::string as_json(const std::vector<Explanation>& explanations, const RunArguments& arguments) {
  const bool one = arguments.files.size() == 1;
  if (arguments.purpose == ReportPurpose::explanation) {
    return one ? write_explanation_json(explanations.front())
               : write_explanation_json(explanations);
  }
  std::vector<Report> reports;
  for (const Explanation& explanation : explanations) reports.push_back(explanation.report);
  return one ? write_json(reports.front()) : write_json(reports);
}

std::string in_format(const std::vector<Explanation>& explanations, const RunArguments& arguments,
                      const Environment& environment) {
  if (arguments.format == ReportFormat::json) return as_json(explanations, arguments);
  TextOptions text_options;
  text_options.color = use_color(arguments.color, arguments.output, environment);
  text_options.today = environment.today;
  MarkdownOptions markdown_options;
  markdown_options.today = environment.today;
  if (arguments.output.empty()) text_options.width = environment.out_width;
  std::string text;
  for (const Explanation& explanation : explanations) {
    if (!text.empty()) text += '\n';
    if (arguments.format == ReportFormat::csv) text += write_csv(explanation.report);
    if (arguments.format == ReportFormat::markdown) {
      text += as_markdown(explanation, arguments.purpose, markdown_options);
    }
    if (arguments.format == ReportFormat::text) {
      text += as_text(explanation, arguments.purpose, text_options);
    }
  }
  return text;
}

ExitCode exit_code(const Results& results, std::size_t scenarios, const Environment& environment) {
  bool complete = results.explanations.size() == scenarios;
  bool missed = false;
  for (const Explanation& explanation : results.explanations) {
    complete = complete && is_complete(explanation);
    missed = missed || misses_an_objective(explanation.report);
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
  for (const std::string& file : {arguments.output, arguments.timeline}) {
    if (!file.empty()) check_writable(file);
  }
  const std::vector<LoadedScenario> scenarios =
      load({arguments.files, arguments.sets, arguments.catalogs}, environment);
  if (scenarios.size() < arguments.files.size()) return ExitCode::invalid_scenario;

  if (!knows_baseline(scenarios, arguments, environment)) return ExitCode::usage;

  const Results results = simulate_all(scenarios, arguments, environment);
  if (!results.all_valid) return ExitCode::invalid_scenario;
  const std::string text = in_format(results.explanations, arguments, environment);
  write_result(arguments.output, text, environment.out);
  if (!arguments.timeline.empty()) {
    write_file(arguments.timeline, write_timeline_csv(results.explanations.front().report));
  }
  say_what_is_missing(results.explanations.size(), scenarios.size(), arguments, environment);
  return exit_code(results, scenarios.size(), environment);
}

}  // namespace cotenant
