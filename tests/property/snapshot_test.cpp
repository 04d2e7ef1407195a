// SPDX-License-Identifier: Apache-2.0
//
// A world in the middle of a run is a value: a copy of it goes on as the original does. And
// watching it, in whatever way, does not change where it goes.
#include <gtest/gtest.h>

#include "models/step.h"
#include "tests/property/seeds.h"
#include "tests/support/random_scenario.h"

namespace cotenant {
namespace {

constexpr Ingredients kEverything{true, true, true, true};

void step_until(World& world, const Blueprint& blueprint, Recorder& recorder, Instant until) {
  while (world.events.next_instant() < until) step(world, blueprint, recorder);
}

TEST(Snapshots, GoOnAsTheOriginal) {
  for (const std::uint64_t seed : seeds(150)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      const Duration duration = random.scenario.study.duration;
      World world(blueprint, seed, 0);
      Recorder recorder(blueprint, {Instant(), Instant() + duration, 100, kEverything});
      step_until(world, blueprint, recorder, Instant() + duration / 3);
      World copy = world;
      Recorder copied_recorder = recorder;
      ASSERT_EQ(world.hash(), copy.hash()) << repro(seed);
      // One goes all the way before the other starts: nothing is shared between them.
      step_until(world, blueprint, recorder, Instant() + duration);
      step_until(copy, blueprint, copied_recorder, Instant() + duration);
      EXPECT_EQ(world.hash(), copy.hash()) << repro(seed);
      EXPECT_EQ(recorder.finish(world, blueprint, StopReason::finished).fingerprint,
                copied_recorder.finish(copy, blueprint, StopReason::finished).fingerprint)
          << repro(seed);
    }
  }
}

TEST(Recording, DoesNotChangeWhatIsRecorded) {
  for (const std::uint64_t seed : seeds(100)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      const Duration duration = random.scenario.study.duration;
      // The state at the end as the only ingredient: it must be the same however it was reached.
      const auto final_state = [&](Duration warmup, std::size_t slices) {
        RunOptions options;
        options.seed = seed;
        options.recorder = {
            Instant() + warmup, Instant() + duration, slices, {false, false, false, true}};
        return run(blueprint, options).fingerprint;
      };
      const std::uint64_t plain = final_state(Duration(0), 1000);
      EXPECT_EQ(final_state(duration / 2, 1000), plain) << repro(seed);
      EXPECT_EQ(final_state(duration / 7, 3), plain) << repro(seed);

      World world(blueprint, seed, 0);
      Recorder watchful(blueprint, {Instant(), Instant() + duration, 10, kEverything});
      step_until(world, blueprint, watchful, Instant() + duration);
      world.events.advance_to(Instant() + duration);
      Fingerprint stepped({false, false, false, true});
      stepped.state(world.hash());
      EXPECT_EQ(stepped.value(), plain) << repro(seed);
    }
  }
}

}  // namespace
}  // namespace cotenant
