// SPDX-License-Identifier: Apache-2.0
//
// The real program as a process: signals and closed pipes. Nothing here waits for a time: the tests
// read until something is written, and the program is killed if it does not end.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/signals.h"
#include "tests/cli/cli_fixture.h"
#include "tests/cli/program.h"

namespace cotenant {
namespace {

// More work than anybody would wait for, in runs short enough that a stop is noticed soon.
std::vector<std::string> long_run(const std::string& file) {
  return {"run",  file,    "--replications",     "1000000", "--progress",     "--format",
          "json", "--set", "study.duration=10s", "--set",   "study.warmup=1s"};
}

class InterruptedBy : public CliTest, public ::testing::WithParamInterface<int> {};

TEST_P(InterruptedBy, ReportsWhatIsDone) {
  Program program(long_run(valid_file()));
  ASSERT_NE(program.err.read_once(), "") << "no progress came";
  program.send(GetParam());
  const std::string text = program.out.read_all();
  EXPECT_EQ(program.wait(), number(ExitCode::interrupted));
  const auto report = nlohmann::json::parse(text);
  EXPECT_EQ(report.at("provenance").at("complete"), false);
  EXPECT_EQ(report.at("provenance").at("incomplete_because"), "interrupted");
  EXPECT_GT(report.at("provenance").at("events"), 0);
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedBy, ::testing::Values(SIGINT, SIGTERM));

TEST_F(CliTest, AnInterruptedRunWritesItsFileWhole) {
  std::vector<std::string> words = long_run(valid_file());
  words.insert(words.end(), {"--output", path("report.json")});
  Program program(words);
  ASSERT_NE(program.err.read_once(), "");
  program.send(SIGINT);
  EXPECT_EQ(program.wait(), number(ExitCode::interrupted));
  EXPECT_EQ(nlohmann::json::parse(read("report.json")).at("format"), 1);
  EXPECT_EQ(files(), (std::vector<std::string>{"report.json", "valid.json"}));
}

TEST(Signals, TheSecondInterruptEndsTheProgramAtOnce) {
  EXPECT_EXIT(
      {
        handle_signals();
        raise(SIGINT);
        raise(SIGINT);
        _exit(1);
      },
      ::testing::ExitedWithCode(number(ExitCode::interrupted)), "");
}

TEST_F(CliTest, AClosedPipeIsAnErrorOfOutput) {
  Program program(long_run(valid_file()));
  ASSERT_NE(program.err.read_once(), "");
  // Nobody reads any more when the program, still busy, comes to write.
  program.out.close_reader();
  program.send(SIGINT);
  const std::string said = program.err.read_all();
  EXPECT_EQ(program.wait(), number(ExitCode::cannot_write));
  EXPECT_NE(said.find("cotenant: cannot write standard output: Broken pipe\n"), std::string::npos)
      << said;
}

TEST(Process, EndsCleanlyOnSuccess) {
  Program program({"version"});
  EXPECT_EQ(program.out.read_all().rfind("cotenant ", 0), 0u);
  EXPECT_EQ(program.err.read_all(), "");
  EXPECT_EQ(program.wait(), 0);
}

}  // namespace
}  // namespace cotenant
