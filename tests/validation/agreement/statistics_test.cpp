// SPDX-License-Identifier: Apache-2.0
//
// Both sides are computed alike, over the same requests and the same interval.
#include "validation/agreement/statistics.h"
#include "validation/recording/recorded_machine.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/metric.h"
#include "tests/support/blueprint_builder.h"
#include "tests/validation/recording/recording.h"
#include "validation/recording/recorded_machine.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

double of(const Statistics& statistics, Compared metric) {
  return statistics[static_cast<std::size_t>(metric)];
}

TEST(OrderStatistic, IsTheElementAtTheFloorOfPTimesN) {
  std::vector<Duration> sorted;
  for (int i = 0; i < 100; ++i) sorted.push_back(seconds(i));
  EXPECT_EQ(order_statistic(sorted, 0.5), 50);
  EXPECT_EQ(order_statistic(sorted, 0.99), 99);
  EXPECT_EQ(order_statistic(sorted, 0.994), 99);
  EXPECT_EQ(order_statistic(sorted, 1), 99);  // there is none at 100
  sorted.resize(3);
  EXPECT_EQ(order_statistic(sorted, 0.5), 1);  // floor(1.5)
  EXPECT_EQ(order_statistic({}, 0.5), 0);
}

TEST(StatisticsOfRecording, AreOfTheRequestsAfterTheWarmUp) {
  const Statistics statistics = statistics_of_recording(read_good(small_recording()));
  // 21 and 33 ms; the request before the warm-up does not count.
  EXPECT_DOUBLE_EQ(of(statistics, Compared::latency_mean), 0.027);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::latency_p50), 0.033);
  // Two completions in the 2 s from the warm-up to the end of the load.
  EXPECT_DOUBLE_EQ(of(statistics, Compared::throughput), 1.0);
}

TEST(StatisticsOfRecording, CountCompletionsByWhenTheyHappen) {
  RecordingFiles files = small_recording();
  files.requests =
      "sched_us,done_us,lat_us,err,path\n"
      "900000,1100000,200000,0,/w?cpu=1.000\n"   // arrives before the warm-up, completes after it
      "1500000,2000000,500000,3,/w?cpu=1.000\n"  // fails
      "2900000,3200000,300000,0,/w?cpu=1.000\n"  // completes after the end of the load
      "2000000,2500000,500000,0,/w?cpu=1.000\n";
  const Statistics statistics = statistics_of_recording(read_good(files));
  EXPECT_DOUBLE_EQ(of(statistics, Compared::throughput), 1.0);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::latency_mean), 0.4);  // of the last two
}

TEST(StatisticsOfRecording, TakeCountersAtTheEndsOfTheInterval) {
  // At the warm-up, 1 s, half-way between two samples: 10 periods, 2 throttled, 3 ms throttled, 12
  // ms and 600 ms of CPU. At 3 s: 30, 10, 25 ms, 60 ms, 900 ms. The interval has 2 s.
  const Statistics statistics = statistics_of_recording(read_good(small_recording()));
  EXPECT_DOUBLE_EQ(of(statistics, Compared::nr_periods), 20);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::nr_throttled), 8);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::throttled_ratio), 0.4);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::throttled_time_ratio), 0.011);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::service_cpu_utilization), 0.024);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::neighbor_cpu_utilization), 0.15);
  EXPECT_DOUBLE_EQ(of(statistics, Compared::cpu_utilization), 0.174);
}

// The load lasts 3 s. Recorded users stop then; simulated ones go on until the run ends.
TEST(StatisticsOfSimulation, LeaveOutWhatClosedUsersSendAfterTheLoad) {
  BlueprintBuilder builder;
  builder.group(1024);
  Blueprint blueprint = builder.build();
  blueprint.machines[kHardware].group_names[GroupId(1)] = kServiceGroup;
  SimulatedPhase phase{run_to(blueprint, seconds(7)), run_to(blueprint, seconds(3))};
  const auto log = [&](std::int64_t arrival_ms, std::int64_t end_ms) {
    phase.whole.requests.push_back({SourceId(0), 0, Instant() + milliseconds(arrival_ms),
                                    Instant() + milliseconds(end_ms), Outcome::completed});
  };
  log(1500, 1600);
  log(3500, 4500);
  const auto mean = [&](const std::string& mode) {
    const Bundle bundle =
        read_good(with_experiment(R"("mode": "open")", R"("mode": ")" + mode + "\""));
    return of(statistics_of_simulation(bundle, blueprint, phase), Compared::latency_mean);
  };
  const double client = in_seconds(client_share(phase.overhead_factor));
  EXPECT_DOUBLE_EQ(mean("open"), 0.55 + client);
  EXPECT_DOUBLE_EQ(mean("closed"), 0.1 + client);
}

TEST(Compared, LeavesOutWhatTheRunHasNot) {
  const auto has = [](const Bundle& bundle, Compared metric) {
    const auto metrics = compared_in(bundle);
    return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
  };
  const Bundle plain = read_good(small_recording());
  EXPECT_TRUE(has(plain, Compared::latency_p99));
  EXPECT_TRUE(has(plain, Compared::service_cpu_utilization));
  EXPECT_FALSE(has(plain, Compared::neighbor_cpu_utilization));
  EXPECT_FALSE(has(plain, Compared::nr_throttled));
  const Bundle limited =
      read_good(with_experiment(R"("srv_cg": {})", R"("srv_cg": {"quota_us": 20000})"));
  EXPECT_TRUE(has(limited, Compared::nr_throttled));
  EXPECT_TRUE(has(limited, Compared::throttled_time_ratio));
}

// What a report has, too, is called the same.
TEST(Compared, BearsTheNamesOfReports) {
  for (const Compared metric :
       {Compared::throughput, Compared::latency_mean, Compared::latency_p50, Compared::latency_p90,
        Compared::latency_p95, Compared::latency_p99, Compared::cpu_utilization,
        Compared::throttled_ratio, Compared::throttled_time_ratio}) {
    EXPECT_TRUE(metric_named(to_string(metric))) << to_string(metric);
  }
}

}  // namespace
}  // namespace cotenant
