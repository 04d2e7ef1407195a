// SPDX-License-Identifier: Apache-2.0
//
// The delays of the restart policies: linux.md section 7 for Kubernetes, restartmanager.go for
// Docker, systemd.service(5) and systemd.unit(5) for systemd.
#include "scenarios/restart_policies.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cotenant {
namespace {

Restart policy(const std::string& name) {
  Restart restart;
  restart.preset = name;
  return restart;
}

// In milliseconds, of a service that ends as soon as it has been started; -1: given up.
std::vector<std::int64_t> delays(const Restart& restart, int count, Duration runs = Duration(0)) {
  const RestartSpec spec = compile_restart(restart);
  Restarts restarts;
  std::vector<std::int64_t> result;
  Instant now;
  for (int i = 0; i < count; ++i) {
    const Instant began = now;
    now = now + runs;
    const auto delay = restarts.next(spec, began, now);
    result.push_back(delay ? delay->count() / milliseconds(1).count() : -1);
    if (!delay) return result;
    now = now + *delay;
  }
  return result;
}

using Ms = std::vector<std::int64_t>;

TEST(RestartPolicy, OfKubernetesDoublesUpToFiveMinutes) {
  EXPECT_EQ(delays(policy("kubernetes"), 8),
            (Ms{0, 10'000, 20'000, 40'000, 80'000, 160'000, 300'000, 300'000}));
}

TEST(RestartPolicy, OfKubernetesForgetsAfterTenMinutes) {
  EXPECT_EQ(delays(policy("kubernetes"), 3, seconds(599)), (Ms{0, 10'000, 20'000}));
  EXPECT_EQ(delays(policy("kubernetes"), 3, seconds(600)), (Ms{0, 0, 0}));
}

TEST(RestartPolicy, OfDockerDoublesUpToAMinute) {
  EXPECT_EQ(delays(policy("docker"), 12),
            (Ms{100, 200, 400, 800, 1600, 3200, 6400, 12'800, 25'600, 51'200, 60'000, 60'000}));
  EXPECT_EQ(delays(policy("docker"), 3, seconds(10)), (Ms{100, 100, 100}));
}

// Five starts in 10 s; slower ones go on for ever.
TEST(RestartPolicy, OfSystemdGivesUp) {
  EXPECT_EQ(delays(policy("systemd"), 8), (Ms{100, 100, 100, 100, 100, -1}));
  EXPECT_EQ(delays(policy("systemd"), 8, seconds(1)), (Ms{100, 100, 100, 100, 100, -1}));
  EXPECT_EQ(delays(policy("systemd"), 8, seconds(2)), (Ms{100, 100, 100, 100, 100, 100, 100, 100}));
}

TEST(RestartPolicy, OfNobodyNeverStarts) { EXPECT_EQ(delays(policy("no"), 3), (Ms{-1})); }

TEST(RestartPolicy, MayDifferInPart) {
  Restart restart = policy("kubernetes");
  restart.first_delay = seconds(1);
  restart.factor = 3;
  restart.max_delay = seconds(60);
  restart.reset_after = seconds(5);
  EXPECT_EQ(delays(restart, 5), (Ms{1000, 10'000, 30'000, 60'000, 60'000}));
  EXPECT_EQ(delays(restart, 2, seconds(5)), (Ms{1000, 1000}));
  EXPECT_EQ(compile_restart(restart).start, milliseconds(570));
}

}  // namespace
}  // namespace cotenant
