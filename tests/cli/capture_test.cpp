// SPDX-License-Identifier: Apache-2.0
//
// `cotenant capture` from words to messages; tests/live records real servers.
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

class CaptureTest : public CliTest {
 protected:
  void expect_usage(const std::string& words, const std::string& message) {
    err_.str("");
    EXPECT_EQ(cli("capture " + words), number(ExitCode::usage)) << words;
    EXPECT_EQ(err(), "cotenant: " + message + "\nTry \"cotenant --help\".\n");
  }
};

TEST_F(CaptureTest, NeedsToKnowWhatAndWhere) {
  expect_usage("-o b", "\"capture\" needs one of --pid, --port, --cgroup and --unit");
  expect_usage("--port 80 --pid 1 -o b",
               "\"capture\" needs one of --pid, --port, --cgroup and --unit");
  expect_usage("--port 80", "\"capture\" needs --output BUNDLE");
}

TEST_F(CaptureTest, SaysWhatItExpected) {
  expect_usage("--port 70000 -o b", "--port must be a whole number from 1 to 65535, not \"70000\"");
  expect_usage("--pid x -o b", "--pid must be a whole number from 1 to 4194304, not \"x\"");
  expect_usage("--pid 1 --interval 1ms -o b",
               "--interval must be a length of time from 10ms to 10s, not \"1ms\"");
  expect_usage("--pid 1 --for 0s -o b",
               "--for must be a length of time such as 30s or 5min, not \"0s\"");
  expect_usage("--pid 1 --log-format nginx:combined -o b", "--log-format is for --log FILE");
  expect_usage("--pid 1 -q --progress -o b", "--quiet and --progress exclude each other");
}

TEST_F(CaptureTest, SaysWhatItCannotFind) {
  EXPECT_EQ(cli("capture --cgroup /no/such/group -o " + path("b")), number(ExitCode::cannot_read));
  EXPECT_EQ(err(), "cotenant: cannot capture: there is no control group /no/such/group\n");
  EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace cotenant
