// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/write_agreement.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace cotenant {
namespace {

Validation sample() {
  BundleAgreement first{"E3_a_s1", "E3", 1.25, true, 16, {}};
  first.cells.push_back({"E3_a_s1", "E3", Compared::latency_mean, 0.012, 0.0126, 0.05, 0.0009});
  first.cells.push_back({"E3_a_s1", "E3", Compared::nr_throttled, 0, 2, std::nullopt, 0.5});
  BundleAgreement second{"E3_b_s1", "E3", 0, false, 1, {}};
  second.cells.push_back({"E3_b_s1", "E3", Compared::latency_mean, 0.010, 0.009, -0.1, 0});
  first.cells[0].noise_floor = 0.021;
  first.cells[0].low = 0.011;
  first.cells[0].high = 0.014;
  first.cells[0].baselines = {0.018, std::nullopt};
  second.cells[0].low = 0.0085;
  second.cells[0].high = 0.0095;
  second.cells[0].baselines = {0.010, 0.030};
  return {{first, second}, {{{"E3_a_s1", "E3_b_s1"}, "E3_b_s1", "E3_b_s1", true}}};
}

TEST(AgreementJson, HasCellsAndFamilies) {
  const auto json = nlohmann::json::parse(agreement_json(sample()));
  ASSERT_EQ(json.size(), 5u);
  ASSERT_EQ(json.at("cells").size(), 3u);
  const nlohmann::json expected = {
      {"bundle", "E3_a_s1"},    {"family", "E3"},        {"metric", "latency_mean"},
      {"measured", 0.012},      {"predicted", 0.0126},   {"relative_error", 0.05},
      {"phase_spread", 0.0009}, {"noise_floor", 0.021},  {"low", 0.011},
      {"high", 0.014},          {"scaled_trace", 0.018}, {"mmc", nullptr}};
  EXPECT_EQ(json.at("cells").at(0), expected);
  EXPECT_TRUE(json.at("cells").at(1).at("relative_error").is_null());
  const nlohmann::json& family = json.at("families").at("E3");
  EXPECT_EQ(family.size(), 1u);  // nothing is known of the metric without a relative error
  EXPECT_EQ(family.at("latency_mean").at("runs"), 2);
  EXPECT_DOUBLE_EQ(family.at("latency_mean").at("median_error"), 0.075);
  EXPECT_DOUBLE_EQ(family.at("latency_mean").at("largest_error"), 0.1);
  EXPECT_EQ(json.at("coverage"), (nlohmann::json{{"inside", 1}, {"cells", 2}}));
  const nlohmann::json& contest = json.at("contests").at(0);
  EXPECT_DOUBLE_EQ(contest.at("median_error"), 0.075);
  EXPECT_DOUBLE_EQ(contest.at("scaled_trace"), 0.25);
  EXPECT_TRUE(contest.at("mmc").is_null());  // it cannot say anything of one of the two
  EXPECT_EQ(json.at("decisions").at(0).at("agrees"), true);
}

TEST(AgreementText, HasATableForEachRecordingAndOneForFamilies) {
  EXPECT_EQ(agreement_text(sample()), R"(E3_a_s1: 16 phases, server overhead × 1.25
metric        measured  predicted  error  sd over phases  noise floor        9 in 10 runs
                                       %                            %
latency_mean   12.0 ms    12.6 ms   +5.0          900 us          2.1  11.0 ms to 14.0 ms
nr_throttled         0       2.00      –           0.500            –                   –

E3_b_s1: 1 phase, server overhead × 0, which does not give the measured CPU per request
metric        measured  predicted  error  sd over phases  noise floor          9 in 10 runs
                                       %                            %
latency_mean   10.0 ms    9.00 ms  -10.0             0 s            –  8.50 ms to 9.50 ms ✗

Size of the relative error by family, median / largest over its runs
family  runs        mean
                       %
E3         2  7.5 / 10.0

Of 2 figures of latency, 1 (50.0 %) are where nine in ten should be.

Median size of the relative error over all runs, beside what one would say without a simulator
metric        Cotenant  scaled trace       M/M/c
                     %             %           %
latency_mean       7.5          25.0  cannot say

The lowest predicted p95 was the right choice between runs with the same requests in 1 of 1 cases.
)");
}

}  // namespace
}  // namespace cotenant
