// SPDX-License-Identifier: Apache-2.0
//
// Which failures have a cause that their tenant can see.
#include "study/visibility.h"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/decode.h"
#include "study/study.h"

namespace cotenant {
namespace {

// Two cores beside four threads that never rest, and clients who wait for 0.3 s only: most
// time is lost to the others, and most failures are due to them.
SetupReport crowded(const std::string& setup) {
  const std::string text = R"({"format": 1, "name": "crowded", "workload": {
      "arrivals": {"kind": "poisson", "rate": "15/s"},
      "requests": {"all": {"steps": [{"cpu": "40ms"}]}}, "clients": {"timeout": "300ms"}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 4}},
      "setups": {"crowded": )" +
                           setup + R"(},
      "study": {"duration": "30s", "warmup": "5s", "replications": 2}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<Report> report = run_study(*scenario, ".", {});
  EXPECT_TRUE(report.ok());
  return report->setups.at(0);
}

constexpr const char* kSharedKernel =
    R"({"machine": {"cores": 2}, "neighbors": {"others": {"threads": 4}}})";
constexpr const char* kGuest =
    R"({"machine": {"cores": 2}, "guests": {"vm": {"machine": {"cores": 2}}},
    "services": {"web": {"guest": "vm"}}, "neighbors": {"others": {"threads": 4}}})";

TEST(Visibility, WhatOthersDoOnASharedKernelIsHidden) {
  const SetupReport shared = crowded(kSharedKernel);
  ASSERT_TRUE(shared.failures_visible.has_value());
  EXPECT_GT(*shared.failures_visible, 0);
  EXPECT_LT(*shared.failures_visible, 0.6);
}

TEST(Visibility, InAVirtualMachineTheSameIsSteal) {
  const SetupReport guest = crowded(kGuest);
  ASSERT_TRUE(guest.failures_visible.has_value());
  EXPECT_EQ(*guest.failures_visible, 1);
}

TEST(Visibility, CountsEveryFailureOnce) {
  const SetupReport setup = crowded(kSharedKernel);
  std::uint64_t counted = 0, failed = 0;
  for (const FailureCount& failure : setup.failures) counted += failure.requests;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (is_error(static_cast<Outcome>(i))) failed += setup.outcomes[i];
  }
  EXPECT_GT(failed, 0u);
  EXPECT_EQ(counted, failed);
}

TEST(Visibility, OfNoFailureThereIsNothingToSee) {
  const SetupReport setup = crowded(R"({"machine": {"cores": 4}})");
  EXPECT_TRUE(setup.failures.empty());
  EXPECT_FALSE(setup.failures_visible.has_value());
}

// Refused at once: no time passed in any state.
TEST(Visibility, FailuresWithoutTimeAreCounted) {
  Failures failures;
  failures.record(Outcome::refused, WaitTimes{});
  WaitTimes waited{};
  waited[static_cast<std::size_t>(WaitState::accept_queue)] = milliseconds(3);
  waited[static_cast<std::size_t>(WaitState::cpu)] = milliseconds(2);
  failures.record(Outcome::refused, waited);
  EXPECT_EQ(failures.of(Outcome::refused, std::nullopt), 1u);
  EXPECT_EQ(failures.of(Outcome::refused, WaitState::accept_queue), 1u);
  EXPECT_EQ(failures.of(Outcome::refused, WaitState::cpu), 0u);
}

}  // namespace
}  // namespace cotenant
