// SPDX-License-Identifier: Apache-2.0
//
// The command line as values. Parsing answers with a command to carry out, or with a text to print
// and an exit code (help, or a usage error with the nearest valid name). CLI11 stays in the .cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cli/exit_code.h"
#include "sim/base/units.h"
#include "study/inspect.h"
#include "validation/agreement/simulate.h"
#include "validation/capture/recorder/find_application.h"
#include "validation/import/importer.h"

namespace cotenant {

enum class ReportFormat { text, json, csv, markdown };
enum class AgreementFormat { text, json };
enum class GraphFormat { text, dot };
enum class PresetsFormat { text, json };
enum class PlansFormat { text, json };
enum class ImportFormat { text, json };
enum class InspectFormat { text, json };
enum class ColorChoice { automatic, always, never };

// What a report of runs is for.
enum class ReportPurpose { result, comparison, explanation };

// Of `run`, `compare` and `explain`, which differ in their purpose.
struct RunArguments {
  ReportPurpose purpose = ReportPurpose::result;
  std::string baseline;  // of differences between setups; empty: the first that has numbers
  std::vector<std::string> files;
  ReportFormat format = ReportFormat::text;
  std::string output;  // empty: standard output
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> replications;
  std::optional<unsigned> jobs;   // nothing: one for each core
  std::vector<std::string> sets;  // "path=value"
  std::vector<std::string> catalogs;
  std::optional<Duration> time_limit;
  ColorChoice color = ColorChoice::automatic;
  bool quiet = false;
  bool progress = false;
  std::string timeline;    // a file to write timelines to; empty: none
  std::size_t slices = 0;  // of the timelines in a report as JSON; 0: none
};

// Of `inspect`.
struct InspectArguments {
  std::vector<std::string> files;  // one
  std::vector<std::string> sets;
  std::vector<std::string> catalogs;
  InspectOptions options;  // without a warm-up and threads
  std::optional<unsigned> jobs;
  InspectFormat format = InspectFormat::text;
  ColorChoice color = ColorChoice::automatic;
  std::string output;  // empty: standard output
};

struct CheckArguments {
  std::vector<std::string> files;
  std::vector<std::string> sets;
  std::vector<std::string> catalogs;
};

struct GraphArguments {
  std::vector<std::string> files;
  std::vector<std::string> sets;
  std::vector<std::string> catalogs;
  GraphFormat format = GraphFormat::text;
};

struct PresetsArguments {
  std::string name;  // empty: all
  PresetsFormat format = PresetsFormat::text;
};

struct PlansArguments {
  std::vector<std::string> filter;  // words, all of which a plan has; none: all plans
  std::vector<std::string> catalogs;
  PlansFormat format = PlansFormat::text;
};

// Of a running application.
struct CaptureArguments {
  ApplicationSearch search;
  Duration interval = milliseconds(100);
  std::optional<Duration> length;  // nothing: until it is stopped
  std::string log;                 // empty: none
  std::string log_format;          // empty: found out
  std::string output;              // a folder
  bool quiet = false;
  bool progress = false;
};

struct ValidateArguments {
  std::vector<std::string> folders;
  std::string parameters;  // a file with fitted ones; empty: those of presets
  OverheadSource overhead = OverheadSource::fixed;
  std::uint64_t phases = 16;
  std::uint64_t seed = 1;
  std::optional<unsigned> jobs;  // nothing: one for each core
  AgreementFormat format = AgreementFormat::text;
  std::string output;  // empty: standard output
};

struct CalibrateArguments {
  std::vector<std::string> folders;
  std::string output;  // a file for the parameters
  std::uint64_t seed = 1;
  std::optional<unsigned> jobs;  // nothing: one for each core
  bool quiet = false;
};

// Of `import`.
struct ImportArguments {
  std::vector<std::string> files;
  ImportOptions options;  // without a trace
  std::string trace;      // a file to write recorded arrivals to; empty: none
  std::string bundle;     // a folder to write a capture bundle to; empty: none
  bool explain = false;   // say what was understood, and write nothing
  ImportFormat format = ImportFormat::text;
  std::string output;  // empty: standard output
};

struct SchemaArguments {};
struct VersionArguments {};

// Nothing to do but to print: help on standard output (ok), a usage error on standard error.
struct Message {
  std::string text;
  ExitCode code = ExitCode::ok;
};

using Arguments =
    std::variant<RunArguments, InspectArguments, CheckArguments, GraphArguments, PresetsArguments,
                 PlansArguments, CaptureArguments, CalibrateArguments, ValidateArguments,
                 ImportArguments, SchemaArguments, VersionArguments, Message>;

// Without the name of the program.
Arguments parse_arguments(std::span<const std::string> words);

}  // namespace cotenant
