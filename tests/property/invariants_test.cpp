// SPDX-License-Identifier: Apache-2.0
//
// The invariants, on random scenarios that mix everything the format allows.
#include <gtest/gtest.h>

#include <array>

#include "models/step.h"
#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "tests/property/seeds.h"
#include "tests/support/random_scenario.h"
#include "tests/support/walk.h"

namespace cotenant {
namespace {

std::string listed(const Complaints& complaints) {
  std::string text;
  for (const std::string& each : complaints) text += "\n  " + each;
  return text;
}

TEST(RandomScenarios, AreValidAndSurviveTheirText) {
  for (const std::uint64_t seed : seeds(400)) {
    const RandomScenario random = random_scenario(seed);
    const std::string text = encode(random.scenario);
    const Checked<Scenario> decoded = decode(text);
    ASSERT_TRUE(decoded.ok()) << repro(seed) << "\n"
                              << render(decoded.diagnostics(), "scenario") << text;
    EXPECT_TRUE(*decoded == random.scenario) << repro(seed) << "\n" << text;
  }
}

TEST(RandomScenarios, KeepTheInvariants) {
  std::array<std::uint64_t, kOutcomes> outcomes{};
  std::uint64_t retried = 0;
  std::uint64_t throttled = 0;
  std::uint64_t stolen_from = 0;
  std::uint64_t replaced = 0;  // processes with several threads
  std::uint64_t killed = 0;
  std::uint64_t oom_kills = 0;
  std::uint64_t calls = 0;
  std::uint64_t reuses = 0;
  std::uint64_t lost = 0;  // tasks whose process died
  for (const std::uint64_t seed : seeds(400)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      WalkOptions options;
      options.seed = seed;
      options.horizon = Instant() + random.scenario.study.duration;
      const Walked walked = walk(blueprint, options);
      EXPECT_TRUE(walked.complaints.empty())
          << repro(seed) << ", setup " << blueprint.setup << listed(walked.complaints);
      retried += walked.attempts - walked.arrivals;
      reuses += walked.reuses;
      for (const ClassRecord& of_class : walked.record.classes) {
        for (std::size_t i = 0; i < kOutcomes; ++i) outcomes[i] += of_class.outcomes[i];
      }
      for (const OperationRecord& operation : walked.record.operations) {
        calls += operation.calls.arrivals;
        lost += operation.calls.attempts[static_cast<std::size_t>(Outcome::lost)];
      }
      for (std::uint32_t s = 0; s < blueprint.services.size(); ++s) {
        oom_kills += walked.record.services[ServiceId(s)].oom_kills;
        if (std::holds_alternative<SyncSpec>(blueprint.services[ServiceId(s)].server)) continue;
        replaced += walked.record.services[ServiceId(s)].restarts;
        killed += walked.record.services[ServiceId(s)].timeouts;
      }
      for (const MachineRecord& machine : walked.record.machines) {
        for (const GroupUsage& group : machine.groups) throttled += group.nr_throttled;
        if (machine.steal > Duration(0)) ++stolen_from;
      }
    }
  }
  // The scenarios are worth something only if things happen in them. (Nobody is refused: that takes
  // 131 s of a full queue, which tests/models/server covers.)
  if (seeds(400).size() < 400) return;
  for (const Outcome outcome : {Outcome::completed, Outcome::timed_out, Outcome::rejected_503,
                                Outcome::censored, Outcome::error_500}) {
    EXPECT_GT(outcomes[static_cast<std::size_t>(outcome)], 1000u) << to_string(outcome);
  }
  EXPECT_GT(retried, 10'000u);
  EXPECT_GT(lost, 300u);
  EXPECT_GT(throttled, 100u);
  EXPECT_GT(stolen_from, 20u);
  EXPECT_GT(replaced, 300u);
  EXPECT_GT(killed, 30u);
  EXPECT_GT(oom_kills, 300u);
  EXPECT_GT(outcomes[static_cast<std::size_t>(Outcome::oom_killed)], 100u);
  for (const Outcome outcome : {Outcome::reset, Outcome::error_502, Outcome::error_504}) {
    EXPECT_GT(outcomes[static_cast<std::size_t>(outcome)], 20u) << to_string(outcome);
  }
  EXPECT_GT(calls, 10'000u);
  EXPECT_GT(reuses, 5'000u);
}

// run() adds budgets, warm-up and the end of the run to step(); none of them changes what happens.
TEST(RandomScenarios, RunAsTheyStep) {
  for (const std::uint64_t seed : seeds(100)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      const Ingredients everything{true, true, true, true};
      WalkOptions walked;
      walked.seed = seed;
      walked.horizon = Instant() + random.scenario.study.duration;
      walked.ingredients = everything;
      RunOptions options;
      options.seed = seed;
      options.recorder = {Instant(), walked.horizon, 1000, everything};
      EXPECT_EQ(run(blueprint, options).fingerprint, walk(blueprint, walked).record.fingerprint)
          << repro(seed);
    }
  }
}

}  // namespace
}  // namespace cotenant
