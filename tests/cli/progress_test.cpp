// SPDX-License-Identifier: Apache-2.0
//
// Progress with a clock that the test moves.
#include "cli/progress.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

using Form = ProgressMeter::Form;

Progress progress(double fraction) {
  Progress result;
  result.fraction = fraction;
  result.runs_done = static_cast<std::uint64_t>(fraction * 60);
  result.runs_planned = 60;
  return result;
}

TEST(ProgressText, EstimatesTheTimeLeft) {
  // A quarter took 10 s, so three quarters take 30 s more.
  EXPECT_EQ(progress_text(progress(0.25), 10), "25 %, 15 of 60 runs, about 30 s left");
  EXPECT_EQ(progress_text(progress(0.25), 100), "25 %, 15 of 60 runs, about 5 min left");
  EXPECT_EQ(progress_text(progress(0.01), 10), "1 %, 0 of 60 runs");  // too early to tell
  EXPECT_EQ(progress_text(progress(0.999), 10), "100 %, 59 of 60 runs, about 1 s left");
}

TEST(ProgressText, SurvivesImpossibleFractions) {
  EXPECT_EQ(progress_text(progress(0), 0), "0 %, 0 of 60 runs");
  Progress beyond = progress(1);
  beyond.fraction = 1.5;
  EXPECT_EQ(progress_text(beyond, 10), "100 %, 60 of 60 runs, about 1 s left");
}

TEST(ProgressMeter, IsQuietForHalfASecond) {
  std::ostringstream err;
  double now = 100;
  ProgressMeter meter(err, Form::redrawn_line, 80, [&now] { return now; });
  now = 100.4;
  meter.update(progress(0.1));
  EXPECT_EQ(err.str(), "");
  meter.finish();
  EXPECT_EQ(err.str(), "");  // nothing was drawn, nothing is wiped
}

TEST(ProgressMeter, RedrawsALineAtMostTenTimesASecondAndWipesIt) {
  std::ostringstream err;
  double now = 0;
  ProgressMeter meter(err, Form::redrawn_line, 80, [&now] { return now; });
  now = 0.6;
  meter.update(progress(0.25));
  now = 0.65;
  meter.update(progress(0.5));
  EXPECT_EQ(err.str(), "\r25 %, 15 of 60 runs, about 2 s left\x1b[K");
  err.str("");
  meter.finish();
  EXPECT_EQ(err.str(), "\r\x1b[K");
}

TEST(ProgressMeter, FitsTheTerminal) {
  std::ostringstream err;
  double now = 0;
  ProgressMeter meter(err, Form::redrawn_line, 20, [&now] { return now; });
  now = 1;
  meter.update(progress(0.25));
  // A carriage return, 19 columns (an ellipsis takes three bytes), and the erasing sequence.
  EXPECT_EQ(err.str().size(), 1 + 19 + 2 + 3u) << err.str();
}

TEST(ProgressMeter, WritesLinesWhereThereIsNoTerminal) {
  std::ostringstream err;
  double now = 0;
  ProgressMeter meter(err, Form::separate_lines, 80, [&now] { return now; });
  for (now = 1; now < 10; now += 1) meter.update(progress(0.5));
  // At 1 s and at 6 s.
  EXPECT_EQ(err.str(),
            "50 %, 30 of 60 runs, about 1 s left\n50 %, 30 of 60 runs, about 6 s left\n");
}

TEST_F(CliTest, ProgressNeedsATerminalOrAWish) {
  environment_.study = [this](const Scenario&, const std::filesystem::path&,
                              const StudyOptions& options) {
    now_ += 10;
    options.progress(progress(0.5));
    return Checked<Report>(answer_);
  };
  const std::string run = "run " + valid_file();
  const auto err_of = [this](const std::string& command) {
    err_.str("");
    EXPECT_EQ(cli(command), 0);
    return err();
  };
  EXPECT_EQ(err_of(run), "");
  EXPECT_EQ(err_of(run + " --progress"), "50 %, 30 of 60 runs, about 10 s left\n");
  environment_.err_is_terminal = true;
  EXPECT_EQ(err_of(run), "\r50 %, 30 of 60 runs, about 10 s left\x1b[K\r\x1b[K");
  EXPECT_EQ(err_of(run + " --quiet"), "");
}

}  // namespace
}  // namespace cotenant
