// SPDX-License-Identifier: Apache-2.0
//
// The JSON report, read back with another JSON library: every number of the Report must be in it,
// unchanged to the last bit.
#include "study/writers/write_json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/base/assert.h"
#include "study/writers/json_text.h"
#include "tests/study/writers/write_samples.h"
#include "tests/study/writers/write_snapshot.h"

namespace cotenant {
namespace {

using Json = nlohmann::json;

void expect_metric(const Json& json, const MetricValue& metric) {
  if (metric.value) {
    EXPECT_EQ(json.at("value").get<double>(), *metric.value);
  } else {
    EXPECT_TRUE(json.at("value").is_null());
  }
  EXPECT_EQ(json.at("low").is_null(), !metric.low.has_value());
  EXPECT_EQ(json.at("high").is_null(), !metric.high.has_value());
  if (metric.low && metric.high) {
    EXPECT_EQ(json.at("low").get<double>(), *metric.low);
    EXPECT_EQ(json.at("high").get<double>(), *metric.high);
  }
  EXPECT_EQ(json.value("why", ""), metric.why);
}

void expect_breakdown(const Json& json, const std::optional<WaitBreakdown>& breakdown) {
  ASSERT_EQ(json.is_null(), !breakdown.has_value());
  if (!breakdown) return;
  EXPECT_EQ(json.at("latency").get<double>(), breakdown->latency);
  EXPECT_EQ(json.at("requests").get<std::uint64_t>(), breakdown->requests);
  ASSERT_EQ(json.at("states").size(), kWaitStates);
  for (std::size_t i = 0; i < kWaitStates; ++i) {
    EXPECT_EQ(json.at("states").at(std::string(kWaitStateNames[i])).get<double>(),
              breakdown->states[i]);
  }
}

TEST(WriteJson, HoldsEveryNumberOfEverySetup) {
  for (const Report& report :
       {web_shop(), single_setup(), overloaded(), eight_setups(), extremes(), interrupted()}) {
    const Json json = Json::parse(write_json(report));
    EXPECT_EQ(json.at("format"), kReportFormat);
    EXPECT_EQ(json.at("name"), report.name);
    ASSERT_EQ(json.at("setups").size(), report.setups.size());
    for (std::size_t i = 0; i < report.setups.size(); ++i) {
      const Json& setup = json.at("setups").at(i);
      EXPECT_EQ(setup.at("name"), report.setups[i].name);
      for (const MetricInfo& entry : kMetricTable) {
        expect_metric(setup.at("metrics").at(std::string(entry.key)),
                      report.setups[i].metrics[static_cast<std::size_t>(entry.metric)]);
      }
      expect_breakdown(setup.at("wait_states").at("mean"), report.setups[i].wait_states.mean);
      expect_breakdown(setup.at("wait_states").at("p50"), report.setups[i].wait_states.p50);
      expect_breakdown(setup.at("wait_states").at("p99"), report.setups[i].wait_states.p99);
      for (std::size_t k = 0; k < kOutcomes; ++k) {
        EXPECT_EQ(setup.at("outcomes").at(std::string(kOutcomeNames[k])),
                  report.setups[i].outcomes[k]);
        EXPECT_EQ(setup.at("attempts").at(std::string(kOutcomeNames[k])),
                  report.setups[i].attempts[k]);
      }
      EXPECT_EQ(setup.at("stability").at("stable"), report.setups[i].stability.stable);
      EXPECT_EQ(setup.at("classes").size(), report.setups[i].classes.size());
      EXPECT_EQ(setup.at("objectives").size(), report.setups[i].objectives.size());
      EXPECT_EQ(setup.at("notes"), Json(report.setups[i].notes));
    }
  }
}

TEST(WriteJson, WritesHashesAsTextAndSeedsAsWholeNumbers) {
  Report report = web_shop();
  // 2^64 - 1 is not a double: through one it would come back as 2^64.
  report.provenance.seed = 18446744073709551615u;
  const Json provenance = Json::parse(write_json(report)).at("provenance");
  EXPECT_EQ(provenance.at("scenario_hash"), "000000000000002a");
  EXPECT_EQ(provenance.at("fingerprint"), "fedcba9876543210");
  EXPECT_EQ(provenance.at("seed").get<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(provenance.at("horizon"), 900.0);
}

TEST(WriteJson, LeavesTheBuildOutWhenAsked) {
  const Json with = Json::parse(write_json(web_shop(), {true}));
  const Json without = Json::parse(write_json(web_shop(), {false}));
  EXPECT_EQ(with.at("provenance").at("build"), web_shop().provenance.build);
  EXPECT_FALSE(without.at("provenance").contains("build"));
}

TEST(WriteJson, NamesTheClassOfAnObjective) {
  const Json json = Json::parse(write_json(eight_setups()));
  const Json& objectives = json.at("setups").at(2).at("objectives");
  EXPECT_EQ(objectives.at(0).at("class"), "check | out");
  EXPECT_EQ(objectives.at(0).at("verdict"), "missed");
  EXPECT_EQ(objectives.at(0).at("metric"), "latency_p95");
  EXPECT_TRUE(objectives.at(1).at("class").is_null());
  EXPECT_TRUE(objectives.at(1).at("above").is_null());
  EXPECT_EQ(objectives.at(1).at("below"), 0.001);
}

TEST(WriteJson, WritesSeveralReportsAsAnArray) {
  const Json json = Json::parse(write_json(std::vector<Report>{web_shop(), single_setup()}));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json.at(1).at("name"), "M/M/1");
  EXPECT_EQ(write_json(std::vector<Report>{}), "[]\n");
}

TEST(WriteJson, HasAFixedOrderAndForm) {
  expect_snapshot("overloaded.json", write_json(overloaded()));
}

TEST(JsonText, EscapesWhatJsonCannotHold) {
  EXPECT_EQ(json_string("a\"b\\c\n\t\r\x01"), R"("a\"b\\c\n\t\r\u0001")");
  EXPECT_EQ(json_string("±"), "\"±\"");
  // A lone continuation byte, an overlong slash and a surrogate are no UTF-8.
  EXPECT_EQ(json_string("\x80"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(Json::parse(json_string("\xc0\xaf\xed\xa0\x80")).get<std::string>().size(), 15u);
}

TEST(JsonText, RefusesNumbersThatJsonDoesNotHave) {
  JsonText json;
  EXPECT_THROW(json.value(std::numeric_limits<double>::infinity()), Bug);
  EXPECT_THROW(json.value(std::numeric_limits<double>::quiet_NaN()), Bug);
}

TEST(JsonText, RefusesUnfinishedText) {
  JsonText json;
  json.begin_object();
  EXPECT_THROW(json.take(), Bug);
}

}  // namespace
}  // namespace cotenant
