// SPDX-License-Identifier: Apache-2.0
//
// Timelines and traces of random scenarios: they add up, and nobody notices that they are made.
#include <gtest/gtest.h>

#include "models/step.h"
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
