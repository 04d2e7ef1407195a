// SPDX-License-Identifier: Apache-2.0
//
// Changes to a scenario whose effect is known although its results are not: most of them must
// change nothing at all, to the last nanosecond of the last request. Names are no such change: they
// key the random streams.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/step.h"
#include "tests/property/seeds.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/die.h"
#include "tests/support/random_scenario.h"

namespace cotenant {
namespace {

// Every request's outcome, instant and account; not the events and the state in between.
std::uint64_t fates(const Blueprint& blueprint, std::uint64_t seed, Duration duration) {
  RunOptions options;
  options.seed = seed;
  options.recorder = {Instant(), Instant() + duration, 100, {false, true, true, false}};
  return run(blueprint, options).fingerprint;
}

std::vector<std::uint64_t> fates(const RandomScenario& random) {
  std::vector<std::uint64_t> result;
  for (const Blueprint& blueprint : blueprints_of(random)) {
    result.push_back(fates(blueprint, random.scenario.seed, random.scenario.study.duration));
  }
  return result;
}

// Applies the change to many scenarios and expects every request of every setup to fare the same.
template <class Change>
void expect_no_effect(std::uint64_t count, Change change) {
  std::uint64_t changed_scenarios = 0;
  for (const std::uint64_t seed : seeds(count)) {
    const NamedOnFailure named(seed);
    const RandomScenario before = random_scenario(seed);
    RandomScenario after = before;
    change(after.scenario);
    if (after.scenario == before.scenario) continue;
    ++changed_scenarios;
    EXPECT_EQ(fates(after), fates(before)) << repro(seed);
  }
  // A few chosen seeds may be ones that the change does not apply to.
  if (seeds(count).size() < count) return;
  EXPECT_GT(changed_scenarios, count / 4);
}

TEST(NoEffect, HasAGroupWithoutTasks) {
  expect_no_effect(100, [](Scenario& scenario) {
    for (auto& [name, setup] : scenario.setups) {
      if (setup.machine.scheduler == "fifo") continue;
      Group idle;
      idle.cpu_weight = 10'000;
      idle.cpu_max = CpuMax{milliseconds(1), milliseconds(7), Duration(0), {Duration(0)}};
      setup.groups.insert(setup.groups.begin(), {"idle", idle});
    }
  });
}

TEST(NoEffect, HasANeighborWhoSleeps) {
  expect_no_effect(100, [](Scenario& scenario) {
    for (auto& [name, setup] : scenario.setups) {
      if (setup.machine.scheduler == "fifo") continue;
      Neighbor sleeper;
      sleeper.threads = 3;
      sleeper.pattern = RecordedBursts{{{seconds(86'400), seconds(1)}}};
      setup.neighbors.emplace_back("sleeper", sleeper);
    }
  });
}

// Under Linux the hardware would then be taken for a host, whose cores wake up faster than virtual
// ones.
TEST(NoEffect, HasAGuestWithNothingToRun) {
  expect_no_effect(100, [](Scenario& scenario) {
    for (auto& [name, setup] : scenario.setups) {
      if (setup.machine.scheduler != "fluid") continue;
      Guest idle;
      idle.machine.cores = 2;
      setup.guests.emplace_back("idle", idle);
    }
  });
}

TEST(NoEffect, HasAServiceWithoutRequests) {
  expect_no_effect(100, [](Scenario& scenario) {
    GunicornSync server;
    server.workers = 5;
    scenario.application.emplace_back("unused", Service{server});
  });
}

// Linux hands out quotas in slices and notices their end at ticks, so there such a limit may bite.
TEST(NoEffect, HasALimitThatIsTheWholeMachine) {
  expect_no_effect(100, [](Scenario& scenario) {
    for (auto& [name, setup] : scenario.setups) {
      if (setup.machine.scheduler != "fluid") continue;
      for (auto& [group_name, group] : setup.groups) {
        if (group.cpu_max) continue;
        const Duration period = milliseconds(10);
        group.cpu_max = CpuMax{period * setup.machine.cores, period, Duration(0), {Duration(3)}};
      }
    }
  });
}

TEST(NoEffect, HaveRetriesThatAreNeverMadeAndErrorsThatNeverHappen) {
  expect_no_effect(100, [](Scenario& scenario) {
    std::optional<Retries>& retries = scenario.workload.clients.retries;
    if (!retries) retries.emplace().max = 0;
    for (auto& [name, request] : scenario.workload.requests) {
      request.steps.push_back(ErrorStep{0});
    }
  });
}

TEST(NoEffect, HaveObjectivesDescriptionsAndPrices) {
  expect_no_effect(20, [](Scenario& scenario) {
    scenario.description = "something else";
    scenario.objectives.push_back({"latency_p95", "", 0.1, {}});
    scenario.setups[0].second.price = Money{"$", 500};
    scenario.study.confidence = 0.5;
  });
}

TEST(Setups, DoNotInfluenceEachOther) {
  for (const std::uint64_t seed : seeds(100)) {
    const NamedOnFailure named(seed);
    RandomScenario random = random_scenario(seed);
    random.scenario.setups.resize(1);
    const std::vector<std::uint64_t> alone = fates(random);
    cotenant::Setup other;  // GoogleTest has a Setup, too
    other.machine.cores = 7;
    other.machine.disk = random.scenario.setups[0].second.machine.disk;
    random.scenario.setups.emplace_back("other", other);
    EXPECT_EQ(fates(random)[0], alone[0]) << repro(seed);
    std::swap(random.scenario.setups[0], random.scenario.setups[1]);
    EXPECT_EQ(fates(random)[1], alone[0]) << repro(seed);
  }
}

// A run does not know how long it is going to be.
TEST(LongerRuns, BeginAsShorterOnes) {
  for (const std::uint64_t seed : seeds(60)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      const Instant half = Instant() + random.scenario.study.duration / 2;
      const auto state_at_half = [&](Instant warmup, Instant horizon) {
        RunOptions options;
        options.seed = seed;
        options.recorder = {warmup, horizon, 100, {true, true, true, false}};
        return run(blueprint, options);
      };
      const RunRecord shorter = state_at_half(Instant(), half);
      const RunRecord longer = state_at_half(half, half + random.scenario.study.duration / 2);
      // What the longer run counts after the half is what the shorter one left to it.
      std::uint64_t left = 0;
      std::uint64_t taken_over = 0;
      for (std::uint32_t c = 0; c < shorter.classes.size(); ++c) {
        const ClassRecord& early = shorter.classes[ClassId(c)];
        const ClassRecord& late = longer.classes[ClassId(c)];
        left += early.outcomes[static_cast<std::size_t>(Outcome::censored)];
        taken_over +=
            late.completions - late.outcomes[static_cast<std::size_t>(Outcome::completed)];
      }
      EXPECT_LE(taken_over, left) << repro(seed);
      EXPECT_LE(shorter.events, longer.events) << repro(seed);

      World world(blueprint, seed, 0);
      Recorder recorder(blueprint, {Instant(), Instant() + seconds(1000), 100, {}});
      while (world.events.next_instant() < half) step(world, blueprint, recorder);
      EXPECT_EQ(world.events.popped_count(), shorter.events) << repro(seed);
    }
  }
}

// A machine whose every duration is a constant, times `factor`: FIFO cores, or one worker on fluid
// ones with a limit, so that no share of a nanosecond is ever rounded.
Blueprint clockwork(std::uint64_t seed, std::int64_t factor) {
  Die die(seed);
  const bool fifo = die.chance(0.5);
  BlueprintBuilder builder(fifo ? static_cast<std::uint32_t>(die.whole(1, 3)) : 1,
                           fifo ? SchedulerKind::fifo : SchedulerKind::fluid);
  const auto drawn = [&](std::int64_t low, std::int64_t high) {
    return Duration(die.whole(low, high)) * factor;
  };
  const auto cost = [&] { return always(CpuTime(drawn(0, 50'000).count())); };
  ServiceOptions options;
  options.overhead = {{cost(), cost(), cost(), cost()}, Duration(0)};
  options.accept_queue_capacity = 100'000;  // the client's retries do not scale
  if (fifo) {
    options.workers = static_cast<std::uint32_t>(die.whole(1, 5));
  } else {
    const Bandwidth limit{CpuTime(drawn(1'000'000, 5'000'000).count()), drawn(5'000'000, 9'000'000),
                          CpuTime(drawn(0, 1'000'000).count())};
    options.group = builder.group(100, limit);
  }
  const ServiceId service = builder.service(options);
  for (std::int64_t c = die.whole(1, 3); c > 0; --c) {
    const ClassId id = builder.request_class(
        service, {cpu_step(drawn(0, 3'000'000)), wait_step(drawn(0, 3'000'000)),
                  cpu_step(drawn(1, 3'000'000))});
    const auto interval = static_cast<double>(drawn(3'000'000, 20'000'000).count());
    builder.source(ConstantSource{interval}, {id}, static_cast<std::uint32_t>(die.whole(1, 3)));
  }
  if (die.chance(0.5)) builder.client_timeout(drawn(5'000'000, 50'000'000));
  return builder.build();
}

TEST(DoublingAllDurations, DoublesAllLatencies) {
  std::uint64_t completed = 0;
  for (const std::uint64_t seed : seeds(200)) {
    const NamedOnFailure named(seed);
    const RunRecord once = run_to(clockwork(seed, 1), seconds(1));
    const RunRecord twice = run_to(clockwork(seed, 2), seconds(2));
    ASSERT_EQ(once.events, twice.events) << repro(seed);
    EXPECT_EQ(once.machines[kHardware].cpu_used() * 2, twice.machines[kHardware].cpu_used())
        << repro(seed);
    for (std::uint32_t c = 0; c < once.classes.size(); ++c) {
      const ClassRecord& of_class = once.classes[ClassId(c)];
      const ClassRecord& doubled = twice.classes[ClassId(c)];
      EXPECT_EQ(of_class.outcomes, doubled.outcomes) << repro(seed);
      EXPECT_TRUE(of_class.latency.sum_ns() * 2 == doubled.latency.sum_ns()) << repro(seed);
      completed += of_class.latency.count();
    }
  }
  if (seeds(200).size() < 200) return;
  EXPECT_GT(completed, 10'000u);
}

// --- More capacity never hurts, on equal luck

struct Capacity {
  std::uint32_t cores = 1;
  std::int64_t quota_ms = 100;  // of 10 ms
  std::uint32_t workers = 8;
};

double mean_latency(const Capacity& capacity, std::uint64_t seed) {
  BlueprintBuilder builder(capacity.cores);
  const GroupId group = builder.group(
      1024, Bandwidth{CpuTime(milliseconds(capacity.quota_ms).count()), milliseconds(10), {}});
  const ServiceId service = builder.service({.workers = capacity.workers, .group = group});
  const ClassId id = builder.request_class(service, {cpu_step(law::Lognormal{5e6, 1.5})});
  builder.poisson(120, id);
  // Long enough after the last arrival that all requests complete: both runs average the same ones.
  Blueprint blueprint = builder.build();
  blueprint.sources[SourceId(0)].kind = ProfileSource{{{Instant(), 120e-9},
                                                       {Instant() + seconds(20), 120e-9},
                                                       {Instant() + seconds(20) + Duration(1), 0}},
                                                      false,
                                                      0,
                                                      0};
  const RunRecord record = run_to(blueprint, seconds(60), seed);
  EXPECT_EQ(count_of(record, Outcome::censored), 0u);
  return record.classes[id].latency.mean_ns();
}

TEST(MoreCapacity, NeverRaisesTheMeanLatency) {
  for (const std::uint64_t seed : seeds(30)) {
    const double base = mean_latency({}, seed);
    EXPECT_LE(mean_latency({2, 100, 8}, seed), base) << repro(seed);
    EXPECT_LE(mean_latency({4, 100, 8}, seed), mean_latency({2, 100, 8}, seed)) << repro(seed);
    // 6 of 10 ms are just below the load of 0.6, 8 of 10 ms above it.
    const double tight = mean_latency({1, 7, 8}, seed);
    const double loose = mean_latency({1, 9, 8}, seed);
    EXPECT_LE(loose, tight) << repro(seed);
    EXPECT_LE(base, loose) << repro(seed);
  }
}

}  // namespace
}  // namespace cotenant
