// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/agreement.h"

#include <gtest/gtest.h>

#include "tests/validation/recording/recording.h"

namespace cotenant {
namespace {

Statistics only(Compared metric, double value) {
  Statistics statistics{};
  statistics[static_cast<std::size_t>(metric)] = value;
  return statistics;
}

const Cell& cell_of(const BundleAgreement& agreement, Compared metric) {
  for (const Cell& cell : agreement.cells) {
    if (cell.metric == metric) return cell;
  }
  ADD_FAILURE() << "no cell " << to_string(metric);
  return agreement.cells.at(0);
}

TEST(Agreement, PredictsTheMeanOverPhasesAndTellsTheirSpread) {
  const Bundle bundle = read_good(small_recording());
  Simulation simulation;
  for (const double mean : {0.020, 0.026, 0.032}) {
    simulation.phases.push_back(only(Compared::latency_mean, mean));
  }
  const BundleAgreement agreement = compare(bundle, simulation);
  EXPECT_EQ(agreement.bundle, "E3_small_s1");
  EXPECT_EQ(agreement.family, "E3");
  EXPECT_EQ(agreement.phases, 3u);
  const Cell& cell = cell_of(agreement, Compared::latency_mean);
  EXPECT_DOUBLE_EQ(cell.measured, 0.027);
  EXPECT_DOUBLE_EQ(cell.predicted, 0.026);
  EXPECT_DOUBLE_EQ(*cell.relative_error, -1.0 / 27);
  EXPECT_NEAR(cell.phase_spread, 0.006, 1e-15);  // deviations of -6, 0 and 6 ms
}

TEST(Agreement, HasNoSpreadWherePhasesMakeNoDifference) {
  const Bundle bundle = read_good(small_recording());
  Simulation simulation;
  simulation.phases.assign(7, only(Compared::latency_mean, 0.1));
  const Cell cell = cell_of(compare(bundle, simulation), Compared::latency_mean);
  EXPECT_EQ(cell.predicted, 0.1);
  EXPECT_EQ(cell.phase_spread, 0);
}

TEST(Agreement, HasNoRelativeErrorOfNothing) {
  RecordingFiles files = with_experiment(R"("srv_cg": {})", R"("srv_cg": {"quota_us": 20000})");
  files.resources =
      "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n"
      "0,0,0,0,0,0\n3000000,30,0,0,60000,0\n";
  Simulation simulation;
  simulation.phases.push_back(only(Compared::nr_throttled, 3));
  const BundleAgreement agreement = compare(read_good(files), simulation);
  EXPECT_FALSE(cell_of(agreement, Compared::nr_throttled).relative_error);
  // Nothing predicted and nothing measured is right.
  EXPECT_EQ(cell_of(agreement, Compared::throttled_time_ratio).relative_error, 0.0);
}

BundleAgreement with_error(const std::string& family, std::optional<double> error) {
  BundleAgreement agreement{family + "_x", family, 1, true, 16, {}};
  agreement.cells.push_back({family + "_x", family, Compared::latency_p95, 1, 1, error, 0});
  return agreement;
}

TEST(ByFamily, TakesMediansOfTheSizesOfErrors) {
  const auto rows =
      by_family({with_error("E3", -0.3), with_error("E1", 0.02), with_error("E3", 0.1),
                 with_error("E3", 0.2), with_error("E1", -0.04), with_error("E3", std::nullopt)});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].family, "E3");
  EXPECT_EQ(rows[0].runs, 3u);
  EXPECT_DOUBLE_EQ(rows[0].median, 0.2);
  EXPECT_DOUBLE_EQ(rows[0].largest, 0.3);
  EXPECT_EQ(rows[1].family, "E1");
  EXPECT_DOUBLE_EQ(rows[1].median, 0.03);  // of an even number: between the two in the middle
}

}  // namespace
}  // namespace cotenant
