// SPDX-License-Identifier: Apache-2.0
//
// Events of equal instant and phase have to have some order, and no conclusion may depend on which.
// A tie salt puts them in another one.
#include <gtest/gtest.h>

#include "study/study.h"
#include "tests/property/seeds.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/random_scenario.h"
#include "tests/support/walk.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kSalts[] = {1, 2, 0x123456789abcdef};

TEST(Ties, InAnyOrderKeepTheInvariants) {
  for (const std::uint64_t seed : seeds(100)) {
    const NamedOnFailure named(seed);
    const RandomScenario random = random_scenario(seed);
    for (const Blueprint& blueprint : blueprints_of(random)) {
      WalkOptions options;
      options.seed = seed;
      options.tie_salt = seed * 2 + 1;
      options.horizon = Instant() + random.scenario.study.duration;
      const Complaints complaints = walk(blueprint, options).complaints;
      EXPECT_TRUE(complaints.empty()) << repro(seed) << "\n" << complaints.front();
    }
  }
}

// Continuous laws on a grid of nanoseconds: two events of one phase practically never coincide, and
// then the salt has nothing to reorder.
TEST(Ties, ThatDoNotOccurCannotMatter) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.service({.workers = 4});
  const ClassId open = builder.request_class(
      service, {cpu_step(law::Exponential{8e6}), wait_step(law::Gamma{5e6, 0.5})});
  const ClassId closed = builder.request_class(service, {cpu_step(law::Lognormal{3e6, 1})});
  builder.poisson(90, open);
  builder.source(ClosedSource{10, Sampler(law::Exponential{200e6})}, {closed});
  builder.client_timeout(seconds(1));
  const Blueprint blueprint = builder.build();
  RunOptions options;
  options.recorder = {Instant(), Instant() + seconds(50), 100, {true, true, true, true}};
  const RunRecord plain = run(blueprint, options);
  EXPECT_GT(plain.events, 10'000u);
  for (const std::uint64_t salt : kSalts) {
    options.tie_salt = salt;
    EXPECT_EQ(run(blueprint, options).fingerprint, plain.fingerprint);
  }
}

// Two clocked sources that meet at every instant, users in step, batches: ties everywhere.
Scenario full_of_ties() {
  Scenario scenario;
  scenario.name = "ties";
  RequestClass clocked;
  clocked.service = "web";
  clocked.arrivals = ConstantArrivals{{40}, FixedBatch{2}};
  clocked.steps = {CpuStep{{ExponentialLaw{milliseconds(4)}}}};
  RequestClass users;
  users.service = "web";
  users.arrivals = ClosedArrivals{8, {ConstantLaw{milliseconds(100)}}};
  users.steps = {CpuStep{{ConstantLaw{milliseconds(5)}}},
                 WaitStep{{ConstantLaw{milliseconds(20)}}}};
  scenario.workload.requests = {{"clocked", clocked}, {"users", users}};
  GunicornSync server;
  server.workers = 4;
  scenario.application = {{"web", Service{server}}};
  Setup setup;
  setup.machine.cores = 1;
  scenario.setups = {{"one", setup}};
  scenario.study.duration = seconds(20);
  scenario.study.warmup = seconds(2);
  scenario.study.replications = 10;
  return scenario;
}

TEST(Ties, DoNotMoveMetricsOutOfTheirIntervals) {
  const Scenario scenario = full_of_ties();
  StudyOptions options;
  const Checked<Report> plain = run_study(scenario, ".", options);
  ASSERT_TRUE(plain.ok());
  bool any_difference = false;
  for (const std::uint64_t salt : kSalts) {
    options.tie_salt = salt;
    const Checked<Report> salted = run_study(scenario, ".", options);
    ASSERT_TRUE(salted.ok());
    any_difference |= salted->provenance.fingerprint != plain->provenance.fingerprint;
    for (const Metric metric : {Metric::latency_mean, Metric::latency_p50, Metric::latency_p95,
                                Metric::throughput, Metric::cpu_utilization}) {
      const auto index = static_cast<std::size_t>(metric);
      const MetricValue& one = plain->setups[0].metrics[index];
      const MetricValue& other = salted->setups[0].metrics[index];
      ASSERT_TRUE(one.low && one.high && other.low && other.high) << info(metric).key;
      EXPECT_LE(*one.low, *other.high) << info(metric).key;
      EXPECT_GE(*one.high, *other.low) << info(metric).key;
    }
  }
  // Otherwise there was no tie, and this test tested nothing.
  EXPECT_TRUE(any_difference);
}

}  // namespace
}  // namespace cotenant
