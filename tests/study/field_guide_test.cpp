// SPDX-License-Identifier: Apache-2.0
//
// The claims of docs/field-guide.md, each held against the scenario that is shipped for it. Bounds
// are wide enough for other seeds; where a claim fails, the guide says so, and the test, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "study/objectives.h"
#include "tests/study/shipped.h"

namespace cotenant {
namespace {

Report report_of(const std::string& file, std::uint64_t replications) {
  StudyOptions options;
  options.replications = replications;
  options.jobs = 2;
  Checked<Report> report = run_study(shipped(file), ".", options);
  if (!report) throw std::runtime_error(render(report.diagnostics(), file));
  return *std::move(report);
}

const SetupReport& setup(const Report& report, const std::string& name) {
  for (const SetupReport& each : report.setups) {
    if (each.name == name) return each;
  }
  throw std::runtime_error("no setup " + name);
}

double class_value(const Report& report, const std::string& name, const std::string& request_class,
                   Metric metric) {
  return value(of_class(setup(report, name), request_class), metric);
}

TEST(FieldGuide, SharedHostingVariesMoreAtEqualMeanCapacity) {
  const Report report = report_of("equal-capacity.json", 20);
  const Spread own = setup(report, "own").latency_p95_spread.value();
  const Spread shared = setup(report, "shared").latency_p95_spread.value();
  EXPECT_LT(shared.median / own.median, 2);  // the typical box is not much worse
  EXPECT_LT(own.bad / own.median, 1.3);
  EXPECT_GT(shared.worst / shared.median, 3);
}

TEST(FieldGuide, ComputingRequestsSufferFirst) {
  const Report report = report_of("cpu-or-io.json", 6);
  const auto grows = [&](const std::string& request_class) {
    return class_value(report, "hostile", request_class, Metric::latency_p95) /
           class_value(report, "alone", request_class, Metric::latency_p95);
  };
  EXPECT_GT(grows("computes"), 1.2);
  EXPECT_LT(grows("waits"), 1.1);
}

TEST(FieldGuide, AsyncLiftsConcurrencyAndFailsOnComputing) {
  const Report report = report_of("async-or-sync.json", 3);
  EXPECT_GT(class_value(report, "host", "sync-waits", Metric::error_ratio), 0.8);
  EXPECT_EQ(class_value(report, "host", "async-waits", Metric::error_ratio), 0);
  EXPECT_GT(class_value(report, "host", "async-light", Metric::latency_mean),
            class_value(report, "host", "async-waits", Metric::latency_mean) * 1.2);
  const auto memory = [&](const std::string& group) {
    for (const GroupCounters& each : setup(report, "host").machines.at(0).groups) {
      if (each.name == group) return each.memory->mean;
    }
    throw std::runtime_error("no group");
  };
  EXPECT_LT(memory("async"), memory("sync") / 3);
}

TEST(FieldGuide, MemoryOfSyncWorkersGrowsWithTheirNumberAndBlockedOnesHoldIt) {
  const Report report = report_of("workers-and-memory.json", 3);
  const auto memory = [&](const std::string& name) {
    return value(setup(report, name), Metric::memory_mean) / (1 << 20);
  };
  // 60 MiB each, and 12 MiB for as long as a request waits: all eight are always blocked, of the
  // others ten at a time.
  EXPECT_NEAR(memory("eight"), 8 * 72, 3);
  EXPECT_NEAR(memory("sixteen"), 16 * 60 + 10 * 12, 15);
  EXPECT_NEAR(memory("thirty-two"), 32 * 60 + 10 * 12, 15);
}

TEST(FieldGuide, AFullQueueMakesSomeWaitForSeconds) {
  const Report report = report_of("full-queues.json", 2);
  EXPECT_LT(value(setup(report, "long-queue"), Metric::latency_p99), 2);
  EXPECT_GT(value(setup(report, "short-queue"), Metric::latency_p99), 6);
  // The same work, and nobody is busier for it.
  EXPECT_LT(value(setup(report, "short-queue"), Metric::cpu_utilization), 0.1);
}

TEST(FieldGuide, RestartsAreSilentInLatencies) {
  const Report report = report_of("leaks-and-caches.json", 1);
  EXPECT_GT(class_value(report, "containers", "leaking", Metric::error_ratio), 0.005);
  EXPECT_NEAR(class_value(report, "containers", "leaking", Metric::latency_p95),
              class_value(report, "containers", "replaced", Metric::latency_p95), 0.004);
}

TEST(FieldGuide, PressureIsMaskedOnASharedKernelAndPlainUnderLimits) {
  const Report report = report_of("masked-or-visible.json", 4);
  EXPECT_LT(setup(report, "masked").failures_visible.value(), 0.3);
  EXPECT_EQ(setup(report, "entry-processes").failures_visible.value(), 1);
  EXPECT_LT(value(setup(report, "entry-processes"), Metric::latency_p95),
            value(setup(report, "masked"), Metric::latency_p95) / 2);
}

TEST(FieldGuide, CreditsVanishAtTheWorstHour) {
  const Report report = report_of("credits-at-noon.json", 1);
  EXPECT_EQ(value(setup(report, "rested"), Metric::error_ratio), 0);
  EXPECT_GT(value(setup(report, "tired"), Metric::error_ratio), 0.3);
  EXPECT_EQ(verdict_of(setup(report, "tired")), Verdict::missed);  // although who is served is fast
  EXPECT_EQ(verdict_of(setup(report, "steady")), Verdict::met);
}

TEST(FieldGuide, NoonIsNotLikeTheAverage) {
  const Report report = report_of("two-days.json", 1);
  const auto hours = [&](const std::string& name) {
    return setup(report, name).latency_p95_hours.value();
  };
  EXPECT_GT(hours("burstable").worst_failed, 0.5);
  EXPECT_LT(hours("burstable").median, 0.6);
  EXPECT_GT(hours("burstable").worst_hour, 24u);  // the credits of the first day suffice
  const auto with_credits = [](const GroupCounters& group) { return group.credits.has_value(); };
  const std::vector<GroupCounters>& groups = setup(report, "burstable").machines.at(0).groups;
  const auto bank = std::find_if(groups.begin(), groups.end(), with_credits);
  ASSERT_NE(bank, groups.end());
  EXPECT_EQ(bank->credits->least, 0);
  EXPECT_GT(hours("container").worst, 1.3 * hours("container").median);
  const std::uint64_t of_day = hours("container").worst_hour % 24;
  EXPECT_GE(of_day, 9u);  // when its neighbors work
  EXPECT_LE(of_day, 17u);
  EXPECT_LT(hours("own").worst, 1.6 * hours("own").median);
  EXPECT_EQ(hours("own").worst_failed, 0);
}

TEST(FieldGuide, AFastDatabaseCallBecomesASlowOne) {
  const Report report = report_of("slow-database.json", 4);
  const auto lookup = [&](const std::string& name) {
    return value(setup(report, name).operations.at(0), Metric::latency_mean);
  };
  EXPECT_LT(lookup("alone"), 0.010);
  EXPECT_GT(lookup("crowded"), 0.030);
  EXPECT_GT(value(setup(report, "crowded"), Metric::latency_p95),
            value(setup(report, "alone"), Metric::latency_p95) * 3);
}

TEST(FieldGuide, NeighborsMatterInSpikes) {
  const Report report = report_of("spikes-and-neighbors.json", 6);
  const auto costs = [&](const std::string& request_class) {
    return class_value(report, "busy", request_class, Metric::latency_p95) -
           class_value(report, "alone", request_class, Metric::latency_p95);
  };
  EXPECT_LT(costs("calm"), 0.010);
  EXPECT_GT(costs("spike"), 4 * costs("calm"));
}

TEST(FieldGuide, ASharedPoolBeatsFixedSlices) {
  const Report report = report_of("fixed-or-shared.json", 6);
  EXPECT_LT(value(setup(report, "weights"), Metric::latency_mean),
            value(setup(report, "fixed"), Metric::latency_mean) / 2);
}

}  // namespace
}  // namespace cotenant
