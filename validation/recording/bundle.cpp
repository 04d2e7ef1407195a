// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/bundle.h"

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "scenarios/csv_reader.h"
#include "validation/recording/read_experiment.h"

namespace cotenant {
namespace {

// What the load generator calls 0 ok, 1 timeout, 2 connect, 3 reset, 4 status, 5 nosocket.
constexpr std::array kOutcomeOfError = {Outcome::completed, Outcome::timed_out, Outcome::refused,
                                        Outcome::reset,     Outcome::error_500, Outcome::refused};

// The numbers of these columns; none where one is missing, which is a problem.
std::vector<std::size_t> find_columns(CsvReader& csv, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  if (!csv.read_header()) return {};
  for (const std::string& name : names) columns.push_back(csv.column(name));
  return csv.problems().empty() ? columns : std::vector<std::size_t>();
}

void read_requests(Bundle& bundle, Diagnostics& diagnostics) {
  CsvReader csv(bundle.directory / "requests.csv.gz");
  const auto columns = find_columns(csv, {"sched_us", "done_us", "lat_us", "err", "path"});
  while (!columns.empty() && csv.next_row()) {
    MeasuredRequest request;
    request.scheduled = microseconds(csv.whole(columns[0]));
    request.done = microseconds(csv.whole(columns[1]));
    request.latency = microseconds(csv.whole(columns[2]));
    request.outcome = kOutcomeOfError[csv.code(columns[3], kOutcomeOfError.size())];
    request.path = std::string(csv.field(columns[4]));
    bundle.requests.push_back(std::move(request));
  }
  if (bundle.requests.empty() && csv.problems().empty()) {
    csv.problem("has no requests, only a header");
  }
  diagnostics.add(csv.problems());
}

void read_samples(Bundle& bundle, Diagnostics& diagnostics) {
  const bool has_memory = bundle.service_group.memory.has_value();
  std::vector<std::string> names = {"t_us",         "nr_periods", "nr_throttled",
                                    "throttled_us", "srv_cpu_us", "nb_cpu_us"};
  if (has_memory) names.push_back("mem_bytes");
  CsvReader csv(bundle.directory / "resources.csv.gz");
  const auto columns = find_columns(csv, names);
  while (!columns.empty() && csv.next_row()) {
    const Sample sample{microseconds(csv.whole(columns[0])),
                        csv.whole(columns[1]),
                        csv.whole(columns[2]),
                        microseconds(csv.whole(columns[3])),
                        microseconds(csv.whole(columns[4])),
                        microseconds(csv.whole(columns[5])),
                        Bytes(has_memory ? csv.whole(columns[6]) : 0)};
    if (!bundle.samples.empty() && sample.at <= bundle.samples.back().at) {
      csv.row_problem("t_us must increase");
      break;
    }
    bundle.samples.push_back(sample);
  }
  if (bundle.samples.size() < 2 && csv.problems().empty()) {
    csv.problem("has fewer than two samples");
  }
  diagnostics.add(csv.problems());
}

}  // namespace

Checked<Bundle> read_bundle(const std::filesystem::path& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored)) {
    throw std::runtime_error("cannot read " + directory.string() + ": it is not a folder");
  }
  Bundle bundle;
  bundle.directory = directory;
  Diagnostics diagnostics;
  read_experiment(bundle, diagnostics);
  if (!bundle.kernel_only && diagnostics.empty()) {
    read_summary(bundle, diagnostics);
    read_requests(bundle, diagnostics);
    read_samples(bundle, diagnostics);
  }
  if (!diagnostics.empty()) return diagnostics;
  return bundle;
}

}  // namespace cotenant
