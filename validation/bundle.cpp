// SPDX-License-Identifier: Apache-2.0
#include "validation/bundle.h"

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "validation/csv_reader.h"
#include "validation/read_experiment.h"

namespace cotenant {
namespace {

// What the load generator calls 0 ok, 1 timeout, 2 connect, 3 reset, 4 status, 5 nosocket.
constexpr std::array kOutcomeOfError = {Outcome::completed, Outcome::timed_out, Outcome::refused,
                                        Outcome::reset,     Outcome::error_500, Outcome::refused};

void read_requests(Bundle& bundle, Diagnostics& diagnostics) {
  CsvReader csv(bundle.directory / "requests.csv.gz",
                {"sched_us", "done_us", "lat_us", "err", "path"}, diagnostics);
  while (csv.next()) {
    MeasuredRequest request;
    request.scheduled = microseconds(csv.whole(0));
    request.done = microseconds(csv.whole(1));
    request.latency = microseconds(csv.whole(2));
    request.outcome = kOutcomeOfError[csv.code(3, kOutcomeOfError.size())];
    request.path = std::string(csv.text(4));
    bundle.requests.push_back(std::move(request));
  }
  if (bundle.requests.empty() && diagnostics.empty()) {
    diagnostics.add({"requests.csv.gz", 0, 0, "has no requests, only a header", {}, {}});
  }
}

void read_samples(Bundle& bundle, Diagnostics& diagnostics) {
  const bool has_memory = bundle.service_group.memory.has_value();
  std::vector<std::string> columns = {"t_us",         "nr_periods", "nr_throttled",
                                      "throttled_us", "srv_cpu_us", "nb_cpu_us"};
  if (has_memory) columns.push_back("mem_bytes");
  CsvReader csv(bundle.directory / "resources.csv.gz", columns, diagnostics);
  while (csv.next()) {
    const Sample sample{microseconds(csv.whole(0)),
                        csv.whole(1),
                        csv.whole(2),
                        microseconds(csv.whole(3)),
                        microseconds(csv.whole(4)),
                        microseconds(csv.whole(5)),
                        Bytes(has_memory ? csv.whole(6) : 0)};
    if (!bundle.samples.empty() && sample.at <= bundle.samples.back().at) {
      diagnostics.add({"resources.csv.gz", 0, 0, "t_us must increase", {}, {}});
      return;
    }
    bundle.samples.push_back(sample);
  }
  if (bundle.samples.size() < 2 && diagnostics.empty()) {
    diagnostics.add({"resources.csv.gz", 0, 0, "has fewer than two samples", {}, {}});
  }
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
