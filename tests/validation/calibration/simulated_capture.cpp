// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/calibration/simulated_capture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/machine/machine.h"
#include "models/step.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "validation/capture/read_capture.h"
#include "validation/capture/write_bundle.h"

namespace cotenant::test {
namespace {

// A capture samples ten times a second; windows are as long as this, and each sample is a run.
constexpr Duration kSampleEvery = seconds(1);

Blueprint blueprint_of(const std::string& text) {
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "scenario");
  return compile(*scenario, ".")->front();
}

RunRecord run_until(const Blueprint& blueprint, Duration end, bool log) {
  RunOptions options;
  options.recorder.horizon = Instant() + end;
  options.recorder.log_requests = log;
  return run(blueprint, options);
}

CpuTime cpu_of(const Blueprint& blueprint, const RunRecord& record, const std::string& group) {
  const auto& names = blueprint.machines[kHardware].group_names;
  for (std::uint32_t g = 0; g < names.size(); ++g) {
    if (names[GroupId(g)] == group) return record.machines[kHardware].groups[GroupId(g)].usage;
  }
  ADD_FAILURE() << "no group " << group;
  return {};
}

// To microseconds, as logs and bundles have them.
Duration in_microseconds(Duration time) { return microseconds(time.count() / 1000); }

}  // namespace

Capture capture_of_simulation(const std::string& scenario, const CapturedGroup& described,
                              const CapturedServer& server, Duration length,
                              const std::filesystem::path& folder) {
  const Blueprint blueprint = blueprint_of(scenario);
  Capture capture;
  capture.name = "simulated";
  capture.origin = "a simulation";
  capture.server = server;
  capture.resolution = microseconds(1);
  for (const ClassSpec& each : blueprint.classes) capture.classes.push_back(each.name);
  for (const LoggedRequest& request : run_until(blueprint, length + seconds(30), true).requests) {
    if (request.outcome != Outcome::completed || request.arrival > Instant() + length) continue;
    CapturedRequest seen;
    seen.arrival = in_microseconds(request.arrival - Instant());
    seen.done = in_microseconds(request.end - Instant());
    seen.class_index = request.source.index();
    seen.status = 200;
    capture.requests.push_back(seen);
  }
  std::stable_sort(
      capture.requests.begin(), capture.requests.end(),
      [](const CapturedRequest& a, const CapturedRequest& b) { return a.arrival < b.arrival; });
  GroupSeries series{described, {}};
  for (Duration at = kSampleEvery; at <= length; at += kSampleEvery) {
    GroupSample sample;
    sample.at = at;
    const CpuTime cpu = cpu_of(blueprint, run_until(blueprint, at, false), described.name);
    sample.cpu = CpuTime(cpu.count() / 1000 * 1000);
    series.samples.push_back(sample);
  }
  capture.groups.push_back(series);
  write_bundle(folder, capture);
  const Checked<Capture> read = read_capture(folder);
  EXPECT_TRUE(read.ok()) << render(read.diagnostics(), "bundle");
  return *read;
}

}  // namespace cotenant::test
