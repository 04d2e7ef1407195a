// SPDX-License-Identifier: Apache-2.0
//
// `cotenant validate` from words to text and exit code.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/cli_fixture.h"
#include "tests/cli/small_recording.h"

namespace cotenant {
namespace {

class ValidateTest : public CliTest {
 protected:
  std::string recording(const std::string& name, const std::string& kind = "gunicorn-sync") {
    std::filesystem::create_directory(path(name));
    for (const auto& [file, text] : small_recording(name, kind)) write(name + "/" + file, text);
    return path(name);
  }
};

TEST_F(ValidateTest, PrintsATableForEachRecordingAndFamily) {
  EXPECT_EQ(cli("validate " + recording("E1_a_s1") + " " + recording("E2_b_s1")), 0);
  EXPECT_EQ(err(), "");
  for (const char* words : {"E1_a_s1: ", "E2_b_s1: ", "latency_p99", "by family", "E1   "}) {
    EXPECT_NE(out().find(words), std::string::npos) << words << "\n" << out();
  }
}

TEST_F(ValidateTest, WritesJson) {
  const std::string file = path("out.json");
  EXPECT_EQ(cli("validate " + recording("E1_a_s1") + " --format json --phases 2 -o " + file), 0);
  EXPECT_EQ(out(), "");
  const auto json = nlohmann::json::parse(read("out.json"));
  EXPECT_EQ(json.at("cells").at(0).at("bundle"), "E1_a_s1");
  EXPECT_EQ(json.at("cells").at(0).at("metric"), "throughput");
  EXPECT_EQ(json.at("cells").at(0).at("relative_error"), 0);  // both requests completed
  EXPECT_TRUE(json.at("families").contains("E1"));
}

TEST_F(ValidateTest, LeavesOutWhatIsNotModeled) {
  EXPECT_EQ(cli("validate " + recording("E5_a_s1", "gevent") + " " + recording("E1_a_s1")), 0);
  EXPECT_EQ(
      err(),
      "E5_a_s1: not replayed: the server \"gevent\" is not modeled; these are: gunicorn-sync, "
      "gunicorn-gthread, gunicorn-gevent, gunicorn-uvicorn, uvicorn, hypercorn, uwsgi\n");
  EXPECT_EQ(out().find("E5"), std::string::npos);
}

TEST_F(ValidateTest, FailsWhenNothingIsLeft) {
  EXPECT_EQ(cli("validate " + recording("E5_a_s1", "gevent")), number(ExitCode::invalid_scenario));
  EXPECT_EQ(out(), "");
}

TEST_F(ValidateTest, ReportsDamagedRecordings) {
  const std::string folder = recording("E1_a_s1");
  write("E1_a_s1/summary.json", "{}");
  EXPECT_EQ(cli("validate " + folder), number(ExitCode::invalid_scenario));
  EXPECT_EQ(err(), folder + ": error: summary.json/srv_cpu_ms_per_request: is required\n");
}

TEST_F(ValidateTest, ReportsFoldersThatCannotBeRead) {
  EXPECT_EQ(cli("validate " + path("none")), number(ExitCode::cannot_read));
  EXPECT_EQ(err(), "cotenant: cannot read " + path("none") + ": it is not a folder\n");
}

TEST_F(ValidateTest, EndsWhenItIsInterrupted) {
  stop_request_.interrupted = true;
  stop_request_.stop = true;
  EXPECT_EQ(cli("validate " + recording("E1_a_s1")), number(ExitCode::interrupted));
  EXPECT_NE(err().find("1 of 1 recordings were not replayed"), std::string::npos);
}

}  // namespace
}  // namespace cotenant
