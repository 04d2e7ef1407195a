// SPDX-License-Identifier: Apache-2.0
//
// The text report, compared as a whole with pages that somebody has read, and in the details that a
// page does not show: widths, colors, hostile names.
#include "study/writers/write_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "study/writers/display.h"
#include "tests/study/writers/write_samples.h"
#include "tests/study/writers/write_snapshot.h"

namespace cotenant {
namespace {

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    widest = std::max(widest, display_width(line));
  }
  return widest;
}

TextOptions columns(std::size_t width) { return {false, width}; }

TEST(WriteText, ComparesSetupsWithPricesAndObjectives) {
  expect_snapshot("web_shop_100.txt", write_text(web_shop(), columns(100)));
}

TEST(WriteText, GivesUpIntervalsAndColumnsToFitEightyColumns) {
  expect_snapshot("web_shop_80.txt", write_text(web_shop(), columns(80)));
}

TEST(WriteText, ShowsEverythingWhereThereIsRoom) {
  expect_snapshot("web_shop_160.txt", write_text(web_shop(), columns(160)));
}

TEST(WriteText, PaintsWithColor) {
  expect_snapshot("web_shop_color.txt", write_text(web_shop(), {true, 100}));
}

TEST(WriteText, ShowsOneSetupWithoutObjectivesOrIntervals) {
  expect_snapshot("single_setup.txt", write_text(single_setup(), columns(100)));
}

TEST(WriteText, SaysThatAQueueGrowsInsteadOfPercentiles) {
  expect_snapshot("overloaded.txt", write_text(overloaded(), columns(100)));
}

TEST(WriteText, KeepsLongNamesApart) {
  expect_snapshot("eight_setups.txt", write_text(eight_setups(), columns(100)));
}

TEST(WriteText, PrintsHugeAndTinyNumbers) {
  expect_snapshot("extremes.txt", write_text(extremes(), columns(120)));
}

TEST(WriteText, ShowsAttemptsOnlyWhereClientsTryAgain) {
  Report report = web_shop();
  SetupReport& setup = report.setups[0];
  setup.attempts[static_cast<std::size_t>(Outcome::timed_out)] = 1234;
  EXPECT_EQ(write_text(report, columns(160)).find("attempts"), std::string::npos);
  setup.metrics[static_cast<std::size_t>(Metric::attempts_per_request)] = exactly(1.25);
  const std::string text = write_text(report, columns(160));
  const std::size_t column = text.find("attempts");
  const std::size_t table = text.find("\nattempts ");
  ASSERT_NE(table, std::string::npos);
  EXPECT_LT(column, table);
  EXPECT_NE(text.find("1.25"), std::string::npos);
  EXPECT_NE(text.find("1,234", table), std::string::npos);
}

TEST(WriteText, SaysWhatTheLongestCallsAreAndWhatTheyWaitFor) {
  Report report = single_setup();
  SetupReport& setup = report.setups[0];
  const auto state = [](WaitBreakdown& breakdown, WaitState of) -> double& {
    return breakdown.states[static_cast<std::size_t>(of)];
  };
  WaitBreakdown& mean = setup.wait_states.mean.value();
  mean.latency += 1;
  state(mean, WaitState::downstream) = 1;
  const auto operation = [](const char* name, double calls, double latency) {
    OperationReport made;
    made.name = name;
    made.calls_per_request = calls;
    made.wait_states.emplace().latency = latency;
    return made;
  };
  const OperationReport quick = operation("cache.get", 3, 0.01);
  OperationReport slow = operation("database.list", 1, 0.2);
  state(*slow.wait_states, WaitState::lock) = 0.15;
  state(*slow.wait_states, WaitState::cpu) = 0.05;
  setup.operations = {quick, slow};
  const std::string text = write_text(report, columns(300));
  EXPECT_NE(text.find("those of database.list take longest: 1.00 calls a request, 200 ms each on "
                      "average; 75 % of that is waiting for a lock"),
            std::string::npos)
      << text;
}

TEST(WriteText, SaysThatARunWasInterrupted) {
  expect_snapshot("interrupted.txt", write_text(interrupted(), columns(100)));
}

TEST(WriteText, FitsTheWidthItIsGiven) {
  for (const Report& report :
       {web_shop(), single_setup(), overloaded(), eight_setups(), extremes(), interrupted()}) {
    for (const std::size_t width : {80u, 90u, 100u, 120u, 160u}) {
      EXPECT_LE(widest_line(write_text(report, columns(width))), width) << report.name;
    }
  }
}

TEST(WriteText, TreatsLessThanEightyColumnsAsEighty) {
  EXPECT_EQ(write_text(web_shop(), columns(10)), write_text(web_shop(), columns(80)));
}

TEST(WriteText, IsTheSameWithAndWithoutColorButForEscapes) {
  const std::string painted = write_text(overloaded(), {true, 100});
  std::string stripped;
  for (std::size_t i = 0; i < painted.size(); ++i) {
    if (painted[i] == '\x1b') {
      i = painted.find('m', i);
      continue;
    }
    stripped += painted[i];
  }
  EXPECT_NE(painted, stripped);
  EXPECT_EQ(stripped, write_text(overloaded(), columns(100)));
}

TEST(WriteText, DoesNotLetNamesDriveTheTerminal) {
  Report report = web_shop();
  const std::string evil = "x\x1b[2J\r\n\x07";
  report.name = report.setups[0].name = report.setups[0].notes.emplace_back() = evil;
  report.setups[1].objectives[0].verdict = Verdict::missed;
  report.setups[1].objectives[0].reason = report.setups[1].objectives[0].request_class = evil;
  report.setups[1].price->currency = evil;
  report.provenance.complete = false;
  report.provenance.incomplete_because = evil;
  const std::string text = write_text(report, columns(100));
  EXPECT_EQ(text.find_first_of("\x1b\r\x07"), std::string::npos);
}

TEST(WriteText, CallsASetupCheapestOnlyIfAllPricesAreKnown) {
  Report report = web_shop();
  EXPECT_NE(write_text(report, {}).find("cheapest"), std::string::npos);
  // The container meets the objectives too: without its price it might be the cheaper one.
  report.setups[1].price.reset();
  EXPECT_EQ(write_text(report, {}).find("cheapest"), std::string::npos);
}

TEST(WriteText, NeverDropsAColumnThatAnObjectiveIsAbout) {
  Report report = eight_setups();
  for (SetupReport& setup : report.setups) {
    setup.objectives[0].metric = Metric::latency_p999;
    setup.metrics[static_cast<std::size_t>(Metric::latency_p999)] = exactly(0.5);
  }
  const std::string text = write_text(report, columns(80));
  const std::string headings = text.substr(text.find("setup  "), 80);
  EXPECT_NE(headings.find("p99.9"), std::string::npos) << text;
}

// Time does not explain a miss of another kind: what failed does, and who was killed for memory.
TEST(WriteText, SaysWhatFailedWhereNothingIsTooSlow) {
  Report report = single_setup();
  SetupReport& setup = report.setups[0];
  setup.outcomes[static_cast<std::size_t>(Outcome::error_502)] = 74;
  setup.outcomes[static_cast<std::size_t>(Outcome::timed_out)] = 26;
  setup.objectives = {{"error_ratio below 0.1 %",
                       Metric::error_ratio,
                       "",
                       0.001,
                       {},
                       Verdict::missed,
                       "it is 10 %"}};
  EXPECT_NE(write_text(report, columns(200))
                .find("Why host misses: 74 % of its failed requests: bad gateway 502.\n"),
            std::string::npos);
  setup.first_oom_kill = FirstOomKill{3, "", "app", "web", 1};
  EXPECT_NE(write_text(report, columns(200))
                .find("502. Processes of web are killed by the limit of hardware/app.\n"),
            std::string::npos);
  setup.objectives.push_back(
      {"latency_p95 below 0.2 s", Metric::latency_p95, "", 0.2, {}, Verdict::missed, "it is 0.3"});
  MetricValue& p95 = setup.metrics[static_cast<std::size_t>(Metric::latency_p95)];
  p95.value = 0.1;  // too many fail for a p95
  EXPECT_NE(write_text(report, columns(200)).find("Why host misses: 74 % of its failed requests"),
            std::string::npos);
  p95.value = 0.3;
  EXPECT_NE(write_text(report, columns(200)).find("Why host misses: 90 % of its mean is waiting"),
            std::string::npos);
}

}  // namespace
}  // namespace cotenant
