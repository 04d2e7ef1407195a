// SPDX-License-Identifier: Apache-2.0
//
// Timelines and traces of random and of shipped scenarios: they add up, and nobody notices that
// they are made.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/step.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "study/run_plan.h"
#include "tests/property/seeds.h"
#include "tests/support/random_scenario.h"
#include "tests/support/timeline_sums.h"

namespace cotenant {
namespace {

// A number of slices that divides no run.
constexpr std::size_t kSlices = 37;

RunOptions plain(std::uint64_t seed, const RandomScenario& random) {
  RunOptions options;
  options.seed = seed;
  options.recorder.horizon = Instant() + random.scenario.study.duration;
  options.recorder.ingredients = {true, true, true, true};
  return options;
}

// The first requests of each source, and some later ones.
std::vector<RequestKey> some_requests(const Blueprint& blueprint) {
  std::vector<RequestKey> keys;
  for (std::uint32_t s = 0; s < blueprint.sources.size(); ++s) {
    for (const std::uint64_t ordinal : {0u, 1u, 2u, 7u, 20u, 55u}) {
      keys.push_back({SourceId(s), ordinal});
    }
  }
  return keys;
}

std::string listed(const Complaints& complaints) {
  std::string text;
  for (const std::string& each : complaints) text += "\n  " + each;
  return text;
}

// The first half minute of each setup of each shipped scenario.
template <class Check>
void for_each_shipped(Check check) {
  const auto library = std::filesystem::path(COTENANT_SOURCE_DIR) / "scenarios/library";
  for (const auto& entry : std::filesystem::directory_iterator(library)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    const Checked<Scenario> scenario = decode(text.str());
    ASSERT_TRUE(scenario.ok()) << entry.path();
    const auto blueprints = compile(without_unable(*scenario), library);
    ASSERT_TRUE(blueprints.ok()) << entry.path();
    RunOptions options;
    options.recorder.horizon = Instant() + std::min(scenario->study.duration, seconds(30));
    options.recorder.ingredients = {true, true, true, true};
    for (const Blueprint& blueprint : *blueprints) check(blueprint, options, entry.path());
  }
}

TEST(Timelines, OfShippedScenariosAddUp) {
  for_each_shipped([](const Blueprint& blueprint, RunOptions options, const auto& file) {
    const std::uint64_t fingerprint = run(blueprint, options).fingerprint;
    options.recorder.timeline_slices = kSlices;
    options.recorder.traced = some_requests(blueprint);
    const RunRecord record = run(blueprint, options);
    EXPECT_EQ(record.fingerprint, fingerprint) << file;
    Complaints complaints;
    check_timeline(record, complaints);
    for (const TraceRecord& trace : record.traces) check_trace(trace, complaints);
    EXPECT_TRUE(complaints.empty()) << file << ", setup " << blueprint.setup << listed(complaints);
  });
}

TEST(Timelines, AddUpAndChangeNothing) {
  for (const std::uint64_t seed : seeds(150)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      RunOptions options = plain(seed, random);
      const std::uint64_t fingerprint = run(blueprint, options).fingerprint;
      options.recorder.timeline_slices = kSlices;
      const RunRecord record = run(blueprint, options);
      EXPECT_EQ(record.fingerprint, fingerprint) << repro(seed);
      Complaints complaints;
      check_timeline(record, complaints);
      EXPECT_TRUE(complaints.empty())
          << repro(seed) << ", setup " << blueprint.setup << listed(complaints);
    }
  }
}

// What would be wrong is noticed.
TEST(Timelines, ThatAreFalsifiedDoNotAddUp) {
  const RandomScenario random = random_scenario(1);
  const std::vector<Blueprint> blueprints = blueprints_of(random);
  RunOptions options = plain(1, random);
  options.recorder.timeline_slices = kSlices;
  options.recorder.traced = some_requests(blueprints.front());
  const RunRecord record = run(blueprints.front(), options);
  const auto falsified = [&](auto change) {
    RunRecord copy = record;
    change(copy);
    Complaints complaints;
    check_timeline(copy, complaints);
    for (const TraceRecord& trace : copy.traces) check_trace(trace, complaints);
    return complaints.size();
  };
  EXPECT_EQ(falsified([](RunRecord&) {}), 0u);
  EXPECT_GT(falsified([](RunRecord& r) { ++r.timeline->slices[3].arrived; }), 0u);
  EXPECT_GT(falsified([](RunRecord& r) { r.timeline->slices[3].in_system += 1; }), 0u);
  EXPECT_GT(falsified([](RunRecord& r) { r.timeline->slices.pop_back(); }), 0u);
  EXPECT_GT(falsified([](RunRecord& r) {
              r.timeline->slices[0].machines[kHardware].groups[kRootGroup].usage += CpuTime(1);
            }),
            0u);
  ASSERT_FALSE(record.traces.empty());
  EXPECT_GT(falsified([](RunRecord& r) { r.traces[0].rows[0].pieces[0].length += Duration(1); }),
            0u);
}

TEST(Traces, AreCompleteAndChangeNothing) {
  std::uint64_t calls = 0, attempts = 0, requests = 0;
  for (const std::uint64_t seed : seeds(150)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      RunOptions options = plain(seed, random);
      const std::uint64_t fingerprint = run(blueprint, options).fingerprint;
      options.recorder.traced = some_requests(blueprint);
      const RunRecord record = run(blueprint, options);
      EXPECT_EQ(record.fingerprint, fingerprint) << repro(seed);
      Complaints complaints;
      for (const TraceRecord& trace : record.traces) {
        check_trace(trace, complaints);
        ++requests;
        for (const TraceRecordRow& row : trace.rows) {
          calls += row.kind == TraceRecordRow::Kind::call;
          attempts += row.kind == TraceRecordRow::Kind::attempt;
        }
      }
      EXPECT_TRUE(complaints.empty())
          << repro(seed) << ", setup " << blueprint.setup << listed(complaints);
    }
  }
  if (seeds(150).size() < 150) return;
  EXPECT_GT(requests, 1000u);
  EXPECT_GT(calls, 500u);
  EXPECT_GT(attempts, 100u);
}

}  // namespace
}  // namespace cotenant
