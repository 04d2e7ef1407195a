// SPDX-License-Identifier: Apache-2.0
//
// `cotenant inspect`, and timelines of `cotenant run`: what they take, refuse and write.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "cli/exit_code.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(CliTest, InspectShowsWhereTheTimeOfARequestWent) {
  EXPECT_EQ(cli("inspect " + valid_file() + " --setup shared --percentile 95"), 0);
  EXPECT_TRUE(contains(out(), "shared: a request of class page, near p95 (")) << out();
  EXPECT_TRUE(contains(out(), "computing (cpu): web")) << out();
  EXPECT_TRUE(contains(out(), "What held it:")) << out();
  EXPECT_EQ(err(), "");
}

TEST_F(CliTest, InspectKeepsToAHundredColumns) {
  environment_.out_width = 300;
  EXPECT_EQ(cli("inspect " + valid_file()), 0);
  std::istringstream lines(out());
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
    EXPECT_LE(columns, 100u) << line;
  }
}

TEST_F(CliTest, InspectWritesJsonWhosePiecesSumToTheLatency) {
  EXPECT_EQ(cli("inspect " + valid_file() + " --percentile 50 --latency 12ms --format json"), 0);
  const auto json = nlohmann::json::parse(out());
  EXPECT_EQ(json["setup"], "vps");
  ASSERT_EQ(json["traces"].size(), 2u);
  EXPECT_EQ(json["traces"][0]["percentile"], 0.5);
  EXPECT_TRUE(json["traces"][1]["percentile"].is_null());
  for (const auto& trace : json["traces"]) {
    double sum = 0;
    for (const auto& share : trace["shares"]) sum += share["seconds"].get<double>();
    EXPECT_NEAR(sum, trace["latency"].get<double>(), 1e-12);
    EXPECT_EQ(trace["rows"][0]["spans"].back()["end"], trace["latency"]);
  }
}

TEST_F(CliTest, InspectIsTheSameEachTime) {
  EXPECT_EQ(cli("inspect " + valid_file() + " --jobs 1"), 0);
  const std::string first = out();
  out_.str("");
  EXPECT_EQ(cli("inspect " + valid_file() + " --jobs 3"), 0);
  EXPECT_EQ(out(), first);
}

TEST_F(CliTest, InspectSuggestsNames) {
  EXPECT_EQ(cli("inspect " + valid_file() + " --setup vpz --class pagee"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(), "has no setup \"vpz\" for --setup; did you mean \"vps\"?")) << err();
  EXPECT_TRUE(contains(err(), "has no request class \"pagee\" for --class; did you mean \"page\"?"))
      << err();
  EXPECT_EQ(out(), "");
}

TEST_F(CliTest, InspectSaysWhenNothingEndedSo) {
  EXPECT_EQ(cli("inspect " + valid_file() + " --outcome oom_killed"), 0);
  EXPECT_EQ(out(), "vps: no request ended as oom_killed after the warm-up.\n");
}

TEST_F(CliTest, InspectRefusesWhatItCannotRead) {
  EXPECT_EQ(cli("inspect a b"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(), "\"inspect\" takes one FILE")) << err();
  EXPECT_EQ(cli("inspect a --percentile 101"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(),
                       "--percentile must be a number from 0 to 100, such as 99.9, not "
                       "\"101\""))
      << err();
  EXPECT_EQ(cli("inspect a --latency slow"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(), "--latency must be a length of time")) << err();
  EXPECT_EQ(cli("inspect a --outcome complete"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(), "did you mean \"completed\"?")) << err();
}

TEST_F(CliTest, TimelinesAreMadeOnlyIfAskedFor) {
  EXPECT_EQ(cli("run " + valid_file()), 0);
  EXPECT_EQ(asked_.timeline_slices, 0u);
  EXPECT_EQ(cli("run " + valid_file() + " --timeline " + path("t.csv")), 0);
  EXPECT_EQ(asked_.timeline_slices, 240u);
  EXPECT_EQ(read("t.csv"), "setup,of,subject,quantity,unit,time,value\n");
  EXPECT_EQ(cli("run " + valid_file() + " --slices 10 --format json"), 0);
  EXPECT_EQ(asked_.timeline_slices, 10u);
}

TEST_F(CliTest, TimelinesNeedAPlaceToGo) {
  EXPECT_EQ(cli("run a --slices 10"), number(ExitCode::usage));
  EXPECT_TRUE(contains(err(), "--slices is for --timeline FILE or --format json")) << err();
  EXPECT_EQ(cli("run a b --timeline t.csv"), number(ExitCode::usage));
  EXPECT_EQ(cli("run a --timeline t --output t"), number(ExitCode::usage));
  EXPECT_EQ(cli("run " + valid_file() + " --timeline " + path("none/t.csv")),
            number(ExitCode::cannot_write));
}

}  // namespace
}  // namespace cotenant
