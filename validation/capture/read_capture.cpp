// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/read_capture.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "validation/capture/bundle_rows.h"
#include "validation/capture/columns.h"
#include "validation/capture/manifest.h"

namespace cotenant {
namespace {

// A bundle with more kinds of requests has not put them into classes.
constexpr std::size_t kMostClasses = 100'000;

// A counter is at least what it was.
struct CheckCounter {
  BundleRows& rows;

  template <class T>
  void operator()(const char* name, const T& now, const T& before) const {
    if (now < before) rows.problem(std::string(name) + " must not decrease");
  }
  template <class T>
  void operator()(const char* name, const std::optional<T>& now,
                  const std::optional<T>& before) const {
    if (now && before) (*this)(name, *now, *before);
  }
};

class Reader {
 public:
  Reader(const std::filesystem::path& folder, Manifest manifest)
      : folder_(folder), files_(std::move(manifest.files)), capture_(std::move(manifest.capture)) {}

  Checked<Capture> read() {
    using enum BundleRows::LastColumn;
    read_file(kClassesFile, text, [&](BundleRows& rows) { read_class(rows); });
    if (!diagnostics_.empty()) return diagnostics_;  // requests refer to classes
    read_file(kRequestsFile, number, [&](BundleRows& rows) { read_request(rows); });
    read_file(kGroupsFile, number, [&](BundleRows& rows) { read_group(rows); });
    read_file(kHostFile, number, [&](BundleRows& rows) { read_host(rows); });
    if (!diagnostics_.empty()) return diagnostics_;
    const auto earlier = [](const CapturedRequest& a, const CapturedRequest& b) {
      return a.arrival < b.arrival;
    };
    std::stable_sort(capture_.requests.begin(), capture_.requests.end(), earlier);
    if (!capture_.complete) {
      capture_.remarks.push_back("the recorder did not end by itself: what it saw last is missing");
    }
    return std::move(capture_);
  }

 private:
  template <class ReadRow>
  void read_file(const char* name, BundleRows::LastColumn last, ReadRow read_row) {
    const auto entry = std::find_if(files_.begin(), files_.end(),
                                    [&](const BundleFile& file) { return file.name == name; });
    const bool is_listed = entry != files_.end();
    if (capture_.complete && !is_listed) {
      diagnostics_.add({std::string(kManifestFile) + "/files/" + name,
                        0,
                        0,
                        "is required in a complete bundle",
                        {},
                        {}});
      return;
    }
    // A writer may be killed before it has made all files.
    if (!capture_.complete && !std::filesystem::exists(folder_ / name)) return;
    BundleRows rows(folder_ / name, last, diagnostics_);
    while (rows.next()) read_row(rows);
    const std::string remark =
        rows.finish(capture_.complete ? std::optional(*entry) : std::nullopt);
    if (!remark.empty()) capture_.remarks.push_back(remark);
  }

  void read_class(BundleRows& rows) {
    std::uint32_t index = 0;
    rows("class", index);
    if (index != capture_.classes.size()) rows.problem("classes must be numbered from 0 on");
    if (index >= kMostClasses) rows.problem("there are more than 100000 classes");
    const std::string_view name = rows.last_text();
    const bool is_plain =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (!is_plain) rows.problem("a name must be plain text");
    if (!rows.has_problem()) capture_.classes.emplace_back(name);
  }

  void read_request(BundleRows& rows) {
    CapturedRequest request;
    visit_request(request, rows);
    if (request.done < request.arrival) rows.problem("done_us must not be before arrival_us");
    if (request.service.value_or(Duration()) < Duration())
      rows.problem("service_us must not be negative");
    if (request.class_index >= capture_.classes.size()) {
      rows.problem("class " + std::to_string(request.class_index) + " is not in " + kClassesFile);
    }
    if (!rows.has_problem()) capture_.requests.push_back(request);
  }

  void read_group(BundleRows& rows) {
    GroupRow row;
    visit_group(row, rows);
    if (row.group >= capture_.groups.size()) {
      rows.problem("group " + std::to_string(row.group) + " is not in the manifest");
      return;
    }
    std::vector<GroupSample>& samples = capture_.groups[row.group].samples;
    if (!samples.empty() && row.sample.at <= samples.back().at) rows.problem("at_us must increase");
    if (!samples.empty()) visit_counters(row.sample, samples.back(), CheckCounter{rows});
    if (!rows.has_problem()) samples.push_back(row.sample);
  }

  void read_host(BundleRows& rows) {
    HostSample sample;
    visit_host(sample, rows);
    if (!capture_.host.empty() && sample.at <= capture_.host.back().at) {
      rows.problem("at_us must increase");
    }
    if (!rows.has_problem()) capture_.host.push_back(sample);
  }

  const std::filesystem::path& folder_;
  std::vector<BundleFile> files_;
  Capture capture_;
  Diagnostics diagnostics_;
};

}  // namespace

bool is_capture(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kManifestFile, ignored);
}

Checked<Capture> read_capture(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    throw std::runtime_error("cannot read " + folder.string() + ": it is not a folder");
  }
  Checked<Manifest> manifest = read_manifest(folder);
  if (!manifest.ok()) return manifest.diagnostics();
  return Reader(folder, std::move(manifest).value()).read();
}

}  // namespace cotenant
