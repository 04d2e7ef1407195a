// SPDX-License-Identifier: Apache-2.0
//
// CLI11 splits the words and prints the list of options; values are read here, so that every
// message says what was expected and what was found.
#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include "cli/help.h"
#include "models/request/outcome.h"
#include "scenarios/nearest.h"
#include "scenarios/quantity.h"
#include "study/writers/display.h"

namespace cotenant {
namespace {

// More replications or threads than anybody can wait for or has; a limit catches mistyped numbers.
constexpr std::uint64_t kMostReplications = 1'000'000;
constexpr std::uint64_t kMostJobs = 1024;

// Of a timeline: more than a screen has columns, and a limit to memory.
constexpr std::uint64_t kMostSlices = 100'000;
constexpr std::size_t kUsualSlices = 240;

struct UsageError {
  std::string text;
};

// Options as they were written; an empty text means not given.
struct Words {
  std::vector<std::string> files, sets, catalogs;
  std::string name, format, output, seed, replications, jobs, time_limit, color, overhead, phases,
      baseline, timeline, slices, parameters, setup, request_class, outcome, process, port, group,
      unit, log, interval, length;
  std::vector<std::string> percentiles, latencies;
  std::string log_format, classes, cores, service, replay, bundle;
  std::vector<std::string> path_rules;
  bool explain = false;
  bool quiet = false, progress = false;
};

std::string quoted_word(std::string_view text) { return "\"" + printable(text) + "\""; }

std::string suggestion(const std::string& nearest) {
  return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

std::optional<std::uint64_t> whole_number(std::string_view option, const std::string& text,
                                          std::uint64_t low, std::uint64_t high) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool complete = error == std::errc() && end == text.data() + text.size();
  if (!complete || value < low || value > high) {
    throw UsageError{std::string(option) + " must be a whole number from " + std::to_string(low) +
                     " to " + std::to_string(high) + ", not " + quoted_word(text)};
  }
  return value;
}

// A diagnostic as a part of a usage error.
std::string text_of(const Diagnostic& diagnostic) {
  return printable(diagnostic.message) +
         (diagnostic.expected.empty() ? "" : "; it must be " + diagnostic.expected) +
         suggestion(diagnostic.nearest);
}

template <class Choice, std::size_t N>
Choice choice(std::string_view option, const std::string& text,
              const std::array<std::pair<std::string_view, Choice>, N>& choices) {
  if (text.empty()) return choices.front().second;
  std::vector<std::string_view> names;
  std::string list;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  throw UsageError{std::string(option) + " must be one of " + list + ", not " + quoted_word(text) +
                   suggestion(nearest_name(text, names))};
}

std::optional<Duration> length_of(std::string_view option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed.value || parsed.value->count() <= 0) {
    throw UsageError{std::string(option) + " must be a length of time such as 30s or 5min, not " +
                     quoted_word(text)};
  }
  return parsed.value;
}

void check_sets(const std::vector<std::string>& sets) {
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError{"--set must be path=value, such as setups.vps.machine.cores=4, not " +
                       quoted_word(set)};
    }
  }
}

// A file may be named once only as standard input: it can be read once.
void check_files(const std::vector<std::string>& files) {
  if (std::count(files.begin(), files.end(), "-") > 1) {
    throw UsageError{"\"-\" (standard input) may be given once only"};
  }
}

ColorChoice color_choice(const Words& words) {
  constexpr std::array<std::pair<std::string_view, ColorChoice>, 3> kColors = {
      {{"auto", ColorChoice::automatic},
       {"always", ColorChoice::always},
       {"never", ColorChoice::never}}};
  return choice("--color", words.color, kColors);
}

std::optional<unsigned> jobs_of(const Words& words) {
  const auto jobs = whole_number("--jobs", words.jobs, 1, kMostJobs);
  return jobs ? std::optional(static_cast<unsigned>(*jobs)) : std::nullopt;
}

std::optional<std::uint64_t> seed_of(const Words& words) {
  return whole_number("--seed", words.seed, 0, std::numeric_limits<std::uint64_t>::max());
}

void choose_timeline(RunArguments& run, const Words& words) {
  run.timeline = words.timeline;
  const auto slices = whole_number("--slices", words.slices, 1, kMostSlices);
  if (slices) run.slices = static_cast<std::size_t>(*slices);
  if (!slices && !run.timeline.empty()) run.slices = kUsualSlices;
  if (slices && run.timeline.empty() && run.format != ReportFormat::json) {
    throw UsageError{"--slices is for --timeline FILE or --format json"};
  }
  if (!run.timeline.empty() && run.files.size() > 1) {
    throw UsageError{"--timeline takes one FILE, because its rows do not name the scenario"};
  }
  if (!run.timeline.empty() && run.timeline == run.output) {
    throw UsageError{"--timeline and --output must be different files"};
  }
}

RunArguments run_arguments(const Words& words, ReportPurpose purpose) {
  constexpr std::array<std::pair<std::string_view, ReportFormat>, 4> kFormats = {
      {{"text", ReportFormat::text},
       {"json", ReportFormat::json},
       {"csv", ReportFormat::csv},
       {"markdown", ReportFormat::markdown}}};
  RunArguments run;
  run.purpose = purpose;
  run.baseline = words.baseline;
  run.files = words.files;
  run.sets = words.sets;
  run.catalogs = words.catalogs;
  run.format = choice("--format", words.format, kFormats);
  run.output = words.output;
  run.seed = seed_of(words);
  run.replications = whole_number("--replications", words.replications, 1, kMostReplications);
  run.jobs = jobs_of(words);
  run.time_limit = length_of("--time-limit", words.time_limit);
  run.color = color_choice(words);
  run.quiet = words.quiet;
  run.progress = words.progress;
  check_files(run.files);
  check_sets(run.sets);
  if (run.format == ReportFormat::csv && run.files.size() > 1) {
    throw UsageError{
        "--format csv takes one FILE, because its rows do not name the scenario; "
        "--format json takes several"};
  }
  if (run.format == ReportFormat::csv && purpose == ReportPurpose::explanation) {
    throw UsageError{"\"explain\" writes text, json or markdown: sentences do not fit into csv"};
  }
  choose_timeline(run, words);
  if (run.quiet && run.progress) throw UsageError{"--quiet and --progress exclude each other"};
  return run;
}

// "99" and "99.9" are 0.99 and 0.999.
double percentile(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool complete = error == std::errc() && end == text.data() + text.size();
  if (!complete || !(value >= 0 && value <= 100)) {
    throw UsageError{"--percentile must be a number from 0 to 100, such as 99.9, not " +
                     quoted_word(text)};
  }
  return value / 100;
}

double latency(const std::string& text) {
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed.value || parsed.value->count() < 0) {
    throw UsageError{"--latency must be a length of time such as 400ms or 2s, not " +
                     quoted_word(text)};
  }
  return in_seconds(*parsed.value);
}

Outcome outcome(const std::string& text) {
  std::array<std::pair<std::string_view, Outcome>, kOutcomes> outcomes;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    outcomes[i] = {kOutcomeNames[i], static_cast<Outcome>(i)};
  }
  return choice("--outcome", text, outcomes);
}

InspectArguments inspect_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, InspectFormat>, 2> kFormats = {
      {{"text", InspectFormat::text}, {"json", InspectFormat::json}}};
  if (words.files.size() > 1) throw UsageError{"\"inspect\" takes one FILE"};
  check_sets(words.sets);
  InspectArguments inspect;
  inspect.files = words.files;
  inspect.sets = words.sets;
  inspect.catalogs = words.catalogs;
  inspect.options.setup = words.setup;
  inspect.options.request_class = words.request_class;
  inspect.options.outcome = outcome(words.outcome);
  for (const std::string& text : words.percentiles) {
    inspect.options.percentiles.push_back(percentile(text));
  }
  for (const std::string& text : words.latencies) {
    inspect.options.latencies.push_back(latency(text));
  }
  if (words.percentiles.empty() && words.latencies.empty()) {
    inspect.options.percentiles = {0.99};
  }
  inspect.options.seed = seed_of(words);
  inspect.jobs = jobs_of(words);
  inspect.format = choice("--format", words.format, kFormats);
  inspect.color = color_choice(words);
  inspect.output = words.output;
  return inspect;
}

CheckArguments check_arguments(const Words& words) {
  check_files(words.files);
  check_sets(words.sets);
  return {words.files, words.sets, words.catalogs};
}

GraphArguments graph_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, GraphFormat>, 2> kFormats = {
      {{"text", GraphFormat::text}, {"dot", GraphFormat::dot}}};
  check_files(words.files);
  check_sets(words.sets);
  return {words.files, words.sets, words.catalogs, choice("--format", words.format, kFormats)};
}

PresetsArguments presets_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, PresetsFormat>, 2> kFormats = {
      {{"text", PresetsFormat::text}, {"json", PresetsFormat::json}}};
  return {words.name, choice("--format", words.format, kFormats)};
}

PlansArguments plans_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, PlansFormat>, 2> kFormats = {
      {{"text", PlansFormat::text}, {"json", PlansFormat::json}}};
  return {words.files, words.catalogs, choice("--format", words.format, kFormats)};
}

CalibrateArguments calibrate_arguments(const Words& words) {
  CalibrateArguments calibrate;
  calibrate.folders = words.files;
  calibrate.output = words.output;
  calibrate.seed = seed_of(words).value_or(calibrate.seed);
  calibrate.jobs = jobs_of(words);
  calibrate.quiet = words.quiet;
  return calibrate;
}

ValidateArguments validate_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, AgreementFormat>, 2> kFormats = {
      {{"text", AgreementFormat::text}, {"json", AgreementFormat::json}}};
  constexpr std::array<std::pair<std::string_view, OverheadSource>, 2> kSources = {
      {{"fixed", OverheadSource::fixed}, {"measured", OverheadSource::measured}}};
  ValidateArguments validate;
  validate.folders = words.files;
  validate.parameters = words.parameters;
  validate.overhead = choice("--overhead", words.overhead, kSources);
  validate.phases =
      whole_number("--phases", words.phases, 1, kMostReplications).value_or(validate.phases);
  validate.seed = seed_of(words).value_or(validate.seed);
  validate.jobs = jobs_of(words);
  validate.format = choice("--format", words.format, kFormats);
  validate.output = words.output;
  return validate;
}

constexpr std::uint64_t kMostClasses = 100;
constexpr std::uint64_t kMostCores = 4096;

// A trace is named in the scenario beside it, and must be found from there.
void check_places(const ImportArguments& import) {
  if (import.explain && !(import.output.empty() && import.trace.empty() && import.bundle.empty())) {
    throw UsageError{"--explain writes nothing but what it says: leave out -o, --replay, --bundle"};
  }
  if (!import.trace.empty() && import.trace == import.output) {
    throw UsageError{"--replay and --output must be different files"};
  }
  if (std::find(import.files.begin(), import.files.end(), "-") != import.files.end()) {
    throw UsageError{"\"import\" looks into its files first: give /dev/stdin instead of \"-\""};
  }
}

ImportArguments import_arguments(const Words& words) {
  constexpr std::array<std::pair<std::string_view, ImportFormat>, 2> kFormats = {
      {{"text", ImportFormat::text}, {"json", ImportFormat::json}}};
  ImportArguments import;
  import.files = words.files;
  if (!words.log_format.empty()) {
    const Checked<AccessLogFormat> format = access_log_format(words.log_format);
    if (!format.ok()) throw UsageError{"--log-format: " + text_of(format.diagnostics()[0])};
    import.options.log_format = *format;
  }
  for (const std::string& rule : words.path_rules) {
    if (!rule.starts_with('/')) {
      throw UsageError{"--path-rule must be a path such as /blog/*/comments, not " +
                       quoted_word(rule)};
    }
    import.options.rules.push_back(path_rule(rule));
  }
  const auto classes = whole_number("--classes", words.classes, 1, kMostClasses);
  if (classes) import.options.classes = static_cast<std::size_t>(*classes);
  const auto cores = whole_number("--cores", words.cores, 1, kMostCores);
  if (cores) import.options.cores = static_cast<std::int64_t>(*cores);
  import.options.service = words.service;
  import.trace = words.replay;
  import.bundle = words.bundle;
  import.explain = words.explain;
  import.format = choice("--format", words.format, kFormats);
  import.output = words.output;
  check_places(import);
  return import;
}

ApplicationSearch application_search(const Words& words) {
  constexpr std::uint64_t kMostProcesses = 4'194'304;  // PID_MAX_LIMIT of include/linux/threads.h
  constexpr std::uint64_t kMostPorts = 65'535;
  const auto given = [](const std::string& word) { return word.empty() ? 0 : 1; };
  if (given(words.process) + given(words.port) + given(words.group) + given(words.unit) != 1) {
    throw UsageError{"\"capture\" needs one of --pid, --port, --cgroup and --unit"};
  }
  ApplicationSearch search;
  if (const auto process = whole_number("--pid", words.process, 1, kMostProcesses)) {
    search.process = static_cast<std::int64_t>(*process);
  }
  if (const auto port = whole_number("--port", words.port, 1, kMostPorts)) {
    search.port = static_cast<int>(*port);
  }
  search.group = words.group;
  search.unit = words.unit;
  return search;
}

CaptureArguments capture_arguments(const Words& words) {
  CaptureArguments capture;
  capture.search = application_search(words);
  if (!words.interval.empty()) {
    const Parsed<Duration> interval = parse_duration(words.interval);
    if (!interval.value || *interval.value < milliseconds(10) || *interval.value > seconds(10)) {
      throw UsageError{"--interval must be a length of time from 10ms to 10s, not " +
                       quoted_word(words.interval)};
    }
    capture.interval = *interval.value;
  }
  capture.length = length_of("--for", words.length);
  if (words.log.empty() && !words.log_format.empty()) {
    throw UsageError{"--log-format is for --log FILE"};
  }
  capture.log = words.log;
  capture.log_format = words.log_format;
  capture.output = words.output;
  if (capture.output.empty()) throw UsageError{"\"capture\" needs --output BUNDLE"};
  capture.quiet = words.quiet;
  capture.progress = words.progress;
  if (capture.quiet && capture.progress) {
    throw UsageError{"--quiet and --progress exclude each other"};
  }
  return capture;
}

struct Parser {
  CLI::App app{"Cotenant simulates how a web application behaves on hosting setups.", "cotenant"};
  CLI::App* run = nullptr;
  CLI::App* compare = nullptr;
  CLI::App* explain = nullptr;
  CLI::App* inspect = nullptr;
  CLI::App* check = nullptr;
  CLI::App* graph = nullptr;
  CLI::App* presets = nullptr;
  CLI::App* plans = nullptr;
  CLI::App* capture = nullptr;
  CLI::App* calibrate = nullptr;
  CLI::App* validate = nullptr;
  CLI::App* import = nullptr;
  CLI::App* schema = nullptr;
  CLI::App* version = nullptr;
};

void add_catalogs(CLI::App& command, Words& words) {
  command
      .add_option("--catalog", words.catalogs,
                  "A file of plans; its plans hide those of the same name. May be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void add_inputs(CLI::App& command, Words& words) {
  command.add_option("FILE", words.files, "Scenario files; \"-\" is standard input")
      ->required()
      ->type_name("");
  command.add_option("--set", words.sets, "Override a value of the scenario; may be repeated")
      ->type_name("path=value")
      ->allow_extra_args(false);
  add_catalogs(command, words);
}

void add_option(CLI::App& command, const char* names, std::string& word, const char* help,
                const char* type) {
  command.add_option(names, word, help)->type_name(type);
}

// What run and validate have in common.
void add_output_and_luck(CLI::App& command, Words& words, const char* seed) {
  add_option(command, "-o,--output", words.output, "Write to FILE, all or nothing", "FILE");
  add_option(command, "--seed", words.seed, seed, "N");
  add_option(command, "-j,--jobs", words.jobs,
             "Threads (default: one per core); the result is the same", "N");
}

void build_calibrate(CLI::App& command, Words& words) {
  command.add_option("BUNDLE", words.files, "Folders of captures, or of recorded runs")
      ->required()
      ->type_name("");
  command.add_option("-o,--output", words.output, "Write the parameters to FILE, all or nothing")
      ->required()
      ->type_name("FILE");
  add_option(command, "--seed", words.seed, "Of random phases and resamples (default: 1)", "N");
  add_option(command, "-j,--jobs", words.jobs,
             "Threads (default: one per core); the result is the same", "N");
  command.add_flag("-q,--quiet", words.quiet, "No progress on standard error");
}

void build_validate(CLI::App& command, Words& words) {
  command.add_option("BUNDLE", words.files, "Folders of recorded runs, or of captures")
      ->required()
      ->type_name("");
  add_option(command, "--parameters", words.parameters,
             "Fitted parameters instead of presets, from cotenant calibrate", "FILE");
  add_option(command, "--overhead", words.overhead,
             "CPU of the server itself: fixed (default), or measured in each run", "NAME");
  add_option(command, "--phases", words.phases,
             "Random phases of ticks and quota timers (default: 16)", "N");
  add_option(command, "--format", words.format, "Form of the result: text (default), json", "NAME");
  add_output_and_luck(command, words, "Of the random phases (default: 1)");
}

void build_import(CLI::App& command, Words& words) {
  command
      .add_option("FILE", words.files,
                  "Access logs, gunicorn.conf.py, a Procfile, docker-compose.yml, manifests of "
                  "Kubernetes")
      ->required()
      ->type_name("");
  add_option(command, "-o,--output", words.output, "Write the scenario to FILE, all or nothing",
             "FILE");
  command.add_flag("--explain", words.explain, "Say what was understood, and write nothing");
  add_option(command, "--log-format", words.log_format,
             "Of access logs: nginx:combined, ..., or the text of the configuration", "FORMAT");
  command
      .add_option("--path-rule", words.path_rules,
                  "Requests of one class (/blog/*/comments, /api/**); may be repeated")
      ->type_name("PATH")
      ->allow_extra_args(false);
  add_option(command, "--classes", words.classes,
             "Request classes, besides all others together (default: 8)", "N");
  add_option(command, "--cores", words.cores, "Of the machine, and cpu_count() (default: 2)", "N");
  add_option(command, "--service", words.service,
             "Which service takes the requests (default: the first server)", "NAME");
  add_option(command, "--replay", words.replay,
             "Write all arrivals to FILE (csv or csv.gz), which the scenario replays", "FILE");
  add_option(command, "--bundle", words.bundle, "Write a capture bundle, too", "DIR");
  add_option(command, "--format", words.format,
             "Form of what is said of the files: text (default), json", "NAME");
}

void build_capture(CLI::App& command, Words& words) {
  add_option(command, "--pid", words.process, "The application: its master process", "N");
  add_option(command, "--port", words.port, "Or what listens on a TCP port", "N");
  add_option(command, "--cgroup", words.group, "Or what runs in a control group", "PATH");
  add_option(command, "--unit", words.unit, "Or a unit of systemd", "NAME");
  add_option(command, "--log", words.log,
             "Its access log, or that of the proxy in front: requests come from there", "FILE");
  add_option(command, "--log-format", words.log_format,
             "As nginx, Apache or gunicorn has it, or its name (default: found out)", "FORMAT");
  add_option(command, "--interval", words.interval, "Between samples (default: 100ms)", "TIME");
  add_option(command, "--for", words.length, "End after this time (default: Ctrl-C)", "TIME");
  add_option(command, "-o,--output", words.output, "The folder to write, which must be new",
             "BUNDLE");
  command.add_flag("-q,--quiet", words.quiet, "No progress on standard error");
  command.add_flag("--progress", words.progress, "Progress even without a terminal");
}

// Of run, compare and explain.
void build_run(CLI::App& command, Words& words) {
  add_inputs(command, words);
  add_option(command, "--format", words.format,
             "Form of the report: text (default), json, csv, markdown", "NAME");
  add_option(command, "--baseline", words.baseline,
             "Setup that others are compared with (default: the first)", "SETUP");
  add_output_and_luck(command, words, "Instead of the seed in the scenario");
  add_option(command, "--replications", words.replications, "Instead of the number in the scenario",
             "N");
  add_option(command, "--time-limit", words.time_limit,
             "Stop after this wall time with what is done (30s)", "TIME");
  add_option(command, "--timeline", words.timeline,
             "Write what happened when, in the first replication of each setup, as CSV", "FILE");
  add_option(command, "--slices", words.slices,
             "Of a timeline (default: 240); with --format json it is in the report", "N");
  add_option(command, "--color", words.color, "auto (default), always, never", "WHEN");
  command.add_flag("-q,--quiet", words.quiet, "No progress on standard error");
  command.add_flag("--progress", words.progress, "Progress even without a terminal");
}

void build_inspect(CLI::App& command, Words& words) {
  add_inputs(command, words);
  add_option(command, "--setup", words.setup, "Of which setup (default: the first that can run)",
             "SETUP");
  add_option(command, "--class", words.request_class, "Of which request class (default: any)",
             "CLASS");
  command
      .add_option("--percentile", words.percentiles,
                  "The request nearest to that percentile (default: 99); may be repeated")
      ->type_name("P")
      ->allow_extra_args(false);
  command
      .add_option("--latency", words.latencies,
                  "The request nearest to that latency (400ms); may be repeated")
      ->type_name("TIME")
      ->allow_extra_args(false);
  add_option(command, "--outcome", words.outcome, "Of requests that ended so (default: completed)",
             "NAME");
  add_option(command, "--format", words.format, "Form of the result: text (default), json", "NAME");
  add_output_and_luck(command, words, "Instead of the seed in the scenario");
  add_option(command, "--color", words.color, "auto (default), always, never", "WHEN");
}

void build(Parser& parser, Words& words) {
  parser.app.footer(help_footer());
  parser.app.require_subcommand(0, 1);
  parser.run = parser.app.add_subcommand("run", "Simulate scenarios and report");
  parser.compare =
      parser.app.add_subcommand("compare", "Simulate, and say which setup to choose, and why");
  parser.explain = parser.app.add_subcommand(
      "explain", "Say what takes the time of each setup, and how much load it can take");
  parser.inspect =
      parser.app.add_subcommand("inspect", "Show single slow requests, and what held them up");
  parser.check = parser.app.add_subcommand("check", "Check scenarios without simulating");
  parser.graph = parser.app.add_subcommand("graph", "Show which service calls which");
  parser.presets = parser.app.add_subcommand(
      "presets", "List what scenarios assume without saying it: values and their sources");
  parser.plans = parser.app.add_subcommand("plans", "List hosting plans, or show one");
  parser.capture =
      parser.app.add_subcommand("capture", "Record a running application, as calibration needs it");
  parser.calibrate = parser.app.add_subcommand(
      "calibrate", "Fit parameters to captures of an application, with intervals");
  parser.validate =
      parser.app.add_subcommand("validate", "Replay recorded runs and compare with them");
  parser.import =
      parser.app.add_subcommand("import", "Make a scenario of access logs and configuration files");
  parser.schema = parser.app.add_subcommand("schema", "Print the JSON Schema of scenario files");
  parser.version = parser.app.add_subcommand("version", "Print version, build and formats");

  for (CLI::App* command : {parser.run, parser.compare, parser.explain}) {
    build_run(*command, words);
  }
  build_inspect(*parser.inspect, words);
  add_inputs(*parser.check, words);
  add_inputs(*parser.graph, words);
  add_option(*parser.graph, "--format", words.format, "Form of the result: text (default), dot",
             "NAME");
  parser.presets->add_option("NAME", words.name, "One of them (default: all)")->type_name("");
  add_option(*parser.presets, "--format", words.format, "Form of the list: text (default), json",
             "NAME");
  parser.plans->add_option("FILTER", words.files, "Words of its name, provider, kind or CPU")
      ->type_name("");
  add_catalogs(*parser.plans, words);
  add_option(*parser.plans, "--format", words.format, "Form of the list: text (default), json",
             "NAME");
  build_capture(*parser.capture, words);
  build_calibrate(*parser.calibrate, words);
  build_validate(*parser.validate, words);
  build_import(*parser.import, words);
}

std::string usage_text(const std::string& problem) {
  return "cotenant: " + problem + "\nTry \"cotenant --help\".\n";
}

// Long names of the options of a command and of the program.
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string nearest_of(const std::string& word, const std::vector<std::string>& names) {
  return nearest_name(word, std::vector<std::string_view>(names.begin(), names.end()));
}

// What is wrong with the first word that nothing wanted.
std::string unknown_word(const Parser& parser, const std::string& word) {
  const std::vector<CLI::App*> chosen = parser.app.get_subcommands();
  const bool is_option = word.size() > 1 && word.front() == '-';
  if (is_option) {
    const std::string name = word.substr(0, word.find('='));
    const std::string where = chosen.empty() ? "" : " of \"" + chosen.front()->get_name() + "\"";
    const std::vector<std::string> names =
        option_names(chosen.empty() ? parser.app : *chosen.front());
    return quoted_word(name) + " is not an option" + where + suggestion(nearest_of(name, names));
  }
  if (!chosen.empty()) {
    return "\"" + chosen.front()->get_name() + "\" does not take " + quoted_word(word);
  }
  if (word.find_first_of("./") != std::string::npos) {
    return quoted_word(word) + " is not a command; did you mean \"run " + printable(word) + "\"?";
  }
  return quoted_word(word) + " is not a command" +
         suggestion(nearest_name(
             word, {"run", "compare", "explain", "inspect", "check", "graph", "presets", "plans",
                    "capture", "calibrate", "validate", "import", "schema", "version"}));
}

Arguments chosen_command(const Parser& parser, const Words& words) {
  if (parser.run->parsed()) return run_arguments(words, ReportPurpose::result);
  if (parser.compare->parsed()) return run_arguments(words, ReportPurpose::comparison);
  if (parser.explain->parsed()) return run_arguments(words, ReportPurpose::explanation);
  if (parser.inspect->parsed()) return inspect_arguments(words);
  if (parser.check->parsed()) return check_arguments(words);
  if (parser.graph->parsed()) return graph_arguments(words);
  if (parser.presets->parsed()) return presets_arguments(words);
  if (parser.plans->parsed()) return plans_arguments(words);
  if (parser.capture->parsed()) return capture_arguments(words);
  if (parser.calibrate->parsed()) return calibrate_arguments(words);
  if (parser.validate->parsed()) return validate_arguments(words);
  if (parser.import->parsed()) return import_arguments(words);
  if (parser.schema->parsed()) return SchemaArguments{};
  if (parser.version->parsed()) return VersionArguments{};
  return Message{parser.app.help(), ExitCode::usage};
}

}  // namespace

Arguments parse_arguments(std::span<const std::string> words) {
  if (words.size() == 1 && words[0] == "--version") return VersionArguments{};
  Words values;
  Parser parser;
  build(parser, values);
  // CLI11 takes the words from the back.
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    parser.app.parse(reversed);
    return chosen_command(parser, values);
  } catch (const CLI::CallForHelp&) {
    return Message{parser.app.help(), ExitCode::ok};
  } catch (const CLI::ExtrasError& error) {
    const std::vector<std::string> unknown = parser.app.remaining(true);
    return Message{
        usage_text(unknown.empty() ? error.what() : unknown_word(parser, unknown.front())),
        ExitCode::usage};
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();  // "--seed: 1 required N missing"
    return Message{usage_text(text.substr(0, text.find(':')) + " needs a value"), ExitCode::usage};
  } catch (const CLI::ParseError& error) {
    // A mistyped option in front can make a required file look missing: name the cause first.
    const std::vector<std::string> unknown = parser.app.remaining(true);
    const auto option = std::find_if(unknown.begin(), unknown.end(), [](const std::string& word) {
      return word.size() > 1 && word.front() == '-';
    });
    return Message{
        usage_text(option == unknown.end() ? error.what() : unknown_word(parser, *option)),
        ExitCode::usage};
  } catch (const UsageError& error) {
    return Message{usage_text(error.text), ExitCode::usage};
  }
}

}  // namespace cotenant
