// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/write_agreement.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace cotenant {
namespace {

std::vector<BundleAgreement> sample() {
  BundleAgreement first{"E3_a_s1", "E3", 1.25, true, 16, {}};
  first.cells.push_back({"E3_a_s1", "E3", Compared::latency_mean, 0.012, 0.0126, 0.05, 0.0009});
  first.cells.push_back({"E3_a_s1", "E3", Compared::nr_throttled, 0, 2, std::nullopt, 0.5});
  BundleAgreement second{"E3_b_s1", "E3", 0, false, 1, {}};
  second.cells.push_back({"E3_b_s1", "E3", Compared::latency_mean, 0.010, 0.009, -0.1, 0});
  return {first, second};
}

TEST(AgreementJson, HasCellsAndFamilies) {
  const auto json = nlohmann::json::parse(agreement_json(sample()));
  ASSERT_EQ(json.size(), 2u);
  ASSERT_EQ(json.at("cells").size(), 3u);
  const nlohmann::json expected = {{"bundle", "E3_a_s1"},      {"family", "E3"},
                                   {"metric", "latency_mean"}, {"measured", 0.012},
                                   {"predicted", 0.0126},      {"relative_error", 0.05},
                                   {"phase_spread", 0.0009}};
  EXPECT_EQ(json.at("cells").at(0), expected);
  EXPECT_TRUE(json.at("cells").at(1).at("relative_error").is_null());
  const nlohmann::json& family = json.at("families").at("E3");
  EXPECT_EQ(family.size(), 1u);  // nothing is known of the metric without a relative error
  EXPECT_EQ(family.at("latency_mean").at("runs"), 2);
  EXPECT_DOUBLE_EQ(family.at("latency_mean").at("median_error"), 0.075);
  EXPECT_DOUBLE_EQ(family.at("latency_mean").at("largest_error"), 0.1);
}

TEST(AgreementText, HasATableForEachRecordingAndOneForFamilies) {
  EXPECT_EQ(agreement_text(sample()),
            R"(E3_a_s1: 16 phases, server overhead × 1.25
metric        measured  predicted  error  sd over phases
                                       %
latency_mean   12.0 ms    12.6 ms   +5.0          900 us
nr_throttled         0       2.00      –           0.500

E3_b_s1: 1 phase, server overhead × 0, which does not give the measured CPU per request
metric        measured  predicted  error  sd over phases
                                       %
latency_mean   10.0 ms    9.00 ms  -10.0             0 s

Size of the relative error by family, median / largest over its runs
family  runs        mean
                       %
E3         2  7.5 / 10.0
)");
}

}  // namespace
}  // namespace cotenant
