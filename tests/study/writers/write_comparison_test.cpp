// SPDX-License-Identifier: Apache-2.0
//
// The pages of `compare` and `explain`: as a whole, and what they say where it matters.
#include <gtest/gtest.h>

#include <string>

#include "study/writers/text_answer.h"
#include "study/writers/write_explanation.h"
#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"
#include "tests/study/writers/write_samples.h"
#include "tests/study/writers/write_snapshot.h"

namespace cotenant {
namespace {

std::string all(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

bool says(const Report& report, const std::string& what) {
  return all(answer(report)).find(what) != std::string::npos;
}

// The web shop as a study would have compared it.
Report compared() {
  Report report = web_shop();
  report.baseline = report.setups[0].name;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    SetupReport& setup = report.setups[i];
    const double p95 = *setup.metrics[static_cast<std::size_t>(Metric::latency_p95)].value;
    setup.boxes_differ = true;
    setup.latency_p95_spread = Spread{p95 * 0.9, p95, p95 * 1.2, p95 * 1.5, 20};
    for (ObjectiveReport& objective : setup.objectives) {
      objective.judged_in = 20;
      objective.met_in = objective.verdict == Verdict::met ? 19 : 2;
    }
    if (i == 0) continue;
    setup.differences = {{Metric::latency_p95, interval(p95 - 0.118, 0.004)},
                         {Metric::error_ratio, interval(i == 1 ? 0 : 0.0231, 0.001)}};
  }
  report.setups[2].failures = {{Outcome::timed_out, WaitState::throttled, 17000},
                               {Outcome::refused, std::nullopt, 476}};
  report.setups[2].failures_visible = 0.62;
  report.setups[2].plan =
      PlanReport{"plan", "provider", "", {}, "One kernel for all.", "None.", "none"};
  return report;
}

LoadPoint point(const SetupReport& setup, double factor, Verdict verdict) {
  LoadPoint result{factor, verdict, setup};
  result.setup.metrics[static_cast<std::size_t>(Metric::offered_rate)] = exactly(42 * factor);
  return result;
}

Explanation explained() {
  Explanation explanation{compared(), {}};
  const std::vector<SetupReport>& setups = explanation.report.setups;
  Cliff room;
  room.points = {point(setups[0], 1, Verdict::met), point(setups[0], 1.76, Verdict::met),
                 point(setups[2], 1.88, Verdict::missed)};
  room.holds = 1;
  room.breaks = 2;
  Cliff none;
  none.points = {point(setups[1], 64, Verdict::met)};
  none.holds = 0;
  Cliff beyond;
  beyond.points = {point(setups[0], 0.4, Verdict::met), point(setups[2], 1, Verdict::missed)};
  beyond.holds = 0;
  beyond.breaks = 1;
  explanation.cliffs = {room, none, beyond};
  return explanation;
}

TEST(WriteComparison, IsAPageForSomebodyWhoHasToChoose) {
  expect_snapshot("comparison.txt", write_comparison_text(compared(), {false, 100}));
}

TEST(WriteComparison, FitsEightyColumns) {
  expect_snapshot("comparison_80.txt", write_comparison_text(compared(), {false, 80}));
}

TEST(WriteComparison, IsMarkdownToo) {
  MarkdownOptions options;
  options.comparison = true;
  expect_snapshot("comparison.md", write_markdown(compared(), options));
}

TEST(WriteExplanation, SaysWhatTakesTimeAndWhereTheCliffIs) {
  expect_snapshot("explanation.txt", write_explanation_text(explained(), {false, 100}));
}

TEST(WriteExplanation, IsMarkdownAndJsonToo) {
  expect_snapshot("explanation.md", write_explanation_markdown(explained()));
  const std::string json = write_explanation_json(explained(), {false});
  EXPECT_NE(json.find("\"holds\": 1.76"), std::string::npos);
  EXPECT_NE(json.find("\"breaks\": 1.88"), std::string::npos);
}

TEST(Answer, NamesTheCheapestThatMeets) {
  EXPECT_TRUE(says(compared(), "vps ($4.60 a month) is the cheapest"));
}

TEST(Answer, DoesNotCallCheapestWhatMayNotBe) {
  Report report = compared();
  report.setups[1].price.reset();  // meets, too
  EXPECT_FALSE(says(report, "is the cheapest"));
  EXPECT_TRUE(says(report, "no full price is known of container"));
}

TEST(Answer, DoesNotCallCheapestWhatIsChargedBeyondAPrice) {
  Report report = compared();
  report.setups[0].price->surplus_unknown = true;
  EXPECT_FALSE(says(report, "is the cheapest"));
}

TEST(Answer, SaysWhatACheaperOneThatIsOpenNeeds) {
  Report report = compared();
  SetupReport& shared = report.setups[2];
  shared.price->cents_per_month = 100;
  shared.objectives.pop_back();
  shared.objectives[0].verdict = Verdict::cannot_tell;
  shared.metrics[static_cast<std::size_t>(Metric::latency_p95)] = interval(0.39, 0.02);
  EXPECT_TRUE(says(report, "Cannot tell yet whether shared ($1.00 a month) meets them"));
  // Half as far away as the interval reaches: four times as many.
  EXPECT_TRUE(says(report, "About 60 more replications would tell."));
}

TEST(Answer, NamesTheClosestWhereNoneMeets) {
  Report report = compared();
  for (SetupReport& setup : report.setups) {
    for (ObjectiveReport& objective : setup.objectives) objective.verdict = Verdict::missed;
  }
  EXPECT_TRUE(says(report, "None of these meets every objective."));
  EXPECT_TRUE(says(report, "Closest is container"));
}

TEST(Answer, AsksForObjectives) {
  Report report = compared();
  for (SetupReport& setup : report.setups) setup.objectives.clear();
  EXPECT_TRUE(says(report, "\"objectives\""));
}

}  // namespace
}  // namespace cotenant
