// SPDX-License-Identifier: Apache-2.0
//
// The laws: a recording is refused with reasons that can be shown, or what was read is in order
// and can be turned into a scenario.
#include "tests/fuzz/recording_law.h"

#include <array>
#include <stdexcept>

#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "scenarios/trace.h"
#include "tests/fuzz/message_law.h"
#include "tests/support/temporary_directory.h"
#include "validation/capture/columns.h"
#include "validation/capture/gzip_members.h"
#include "validation/capture/read_capture.h"
#include "validation/capture/write_bundle.h"
#include "validation/recording/bundle.h"
#include "validation/recording/replay.h"

namespace cotenant::test {
namespace {

ReplayArrivals replay_columns() {
  ReplayArrivals replay;
  replay.file = "trace.csv.gz";
  replay.time_column = "sched_us";
  replay.class_column = "cls";
  return replay;
}

std::string broken_trace(const std::vector<RecordedRequest>& requests, std::size_t demands) {
  if (requests.empty()) return "a recording without requests is accepted";
  Instant last;
  for (const RecordedRequest& request : requests) {
    if (request.arrival < last) return "requests are not in the order of their arrivals";
    last = request.arrival;
    if (request.demands.size() != demands) return "a demand is missing";
    for (const Duration demand : request.demands) {
      if (demand < Duration(0)) return "a demand is negative";
    }
  }
  return "";
}

std::string broken_bundle(const Bundle& bundle) {
  if (bundle.kernel_only || !why_not_replayed(bundle).empty()) return "";
  const Scenario scenario = replay_of(bundle);
  const Checked<Scenario> again = decode(encode(scenario));
  // A recording may be of a machine that no scenario can say; then it is said.
  if (!again.ok()) return broken_message_law(again.diagnostics());
  if (*again != scenario) return "the replay means something else as text";
  const Checked<std::vector<Blueprint>> compiled = compile(scenario, bundle.directory);
  return compiled.ok() ? "" : broken_message_law(compiled.diagnostics());
}

// A capture that is accepted means the same when it is written and read again.
std::string broken_capture(const Capture& capture, const TemporaryDirectory& directory) {
  for (const CapturedRequest& request : capture.requests) {
    if (request.done < request.arrival) return "a request ends before it arrives";
    if (request.class_index >= capture.classes.size()) return "a request has no class";
  }
  const std::filesystem::path again = directory.path() / "again";
  write_bundle(again, capture);
  const Checked<Capture> read = read_capture(again);
  if (!read.ok()) return "what was read cannot be written and read again";
  if (read->groups != capture.groups || read->host != capture.host) return "samples have changed";
  return read->requests.size() == capture.requests.size() ? "" : "requests are gone";
}

// Bytes of gzip as they are, text in members.
std::string members_of(std::string_view part) {
  constexpr std::string_view kGzip = "\x1f\x8b", kEnd = "----\n";
  if (part.starts_with(kGzip)) return std::string(part);
  std::string members;
  while (!part.empty()) {
    const std::size_t end = part.find(kEnd);
    members += gzip_member(part.substr(0, end));
    part = end == std::string_view::npos ? std::string_view() : part.substr(end + kEnd.size());
  }
  return members;
}

}  // namespace

std::string broken_trace_law(std::string_view bytes) {
  const TemporaryDirectory directory;
  directory.write("trace.csv.gz", bytes);
  const std::vector<RecordedLaw> demands = {{"lat_us", "", "us"}, {"path", "cpu", "ms"}};
  try {
    const auto requests =
        read_trace(directory.path() / "trace.csv.gz", replay_columns(), demands, "/workload");
    return requests.ok() ? broken_trace(*requests, demands.size())
                         : broken_message_law(requests.diagnostics());
  } catch (const std::runtime_error&) {
    return "";  // damaged, or not text
  }
}

std::string broken_bundle_law(std::string_view bytes) {
  constexpr std::array<const char*, 4> kFiles = {"experiment.json", "summary.json",
                                                 "requests.csv.gz", "resources.csv.gz"};
  constexpr std::string_view kEnd = "====\n";
  const TemporaryDirectory directory;
  for (const char* name : kFiles) {
    const std::size_t end = bytes.find(kEnd);
    directory.write(name, bytes.substr(0, end));
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + kEnd.size());
  }
  try {
    const Checked<Bundle> bundle = read_bundle(directory.path());
    return bundle.ok() ? broken_bundle(*bundle) : broken_message_law(bundle.diagnostics());
  } catch (const std::runtime_error&) {
    return "";
  }
}

std::string broken_capture_law(std::string_view bytes) {
  constexpr std::array<const char*, 5> kFiles = {kManifestFile, kClassesFile, kRequestsFile,
                                                 kGroupsFile, kHostFile};
  constexpr std::string_view kEnd = "====\n";
  const TemporaryDirectory directory;
  for (const char* name : kFiles) {
    const std::size_t end = bytes.find(kEnd);
    const std::string_view part = bytes.substr(0, end);
    directory.write(name, name == kManifestFile ? std::string(part) : members_of(part));
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + kEnd.size());
  }
  try {
    const Checked<Capture> capture = read_capture(directory.path());
    return capture.ok() ? broken_capture(*capture, directory)
                        : broken_message_law(capture.diagnostics());
  } catch (const std::runtime_error&) {
    return "";
  }
}

}  // namespace cotenant::test
