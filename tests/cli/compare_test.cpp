// SPDX-License-Identifier: Apache-2.0
//
// `cotenant compare` and `cotenant explain`: what they take, refuse and pass on.
#include <gtest/gtest.h>

#include <string>

#include "cli/exit_code.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

TEST_F(CliTest, CompareAnswersWhatToBuy) {
  EXPECT_EQ(cli("compare " + valid_file() + " --baseline vps"), 0);
  EXPECT_EQ(asked_.baseline, "vps");
  EXPECT_NE(out().find("\"objectives\" in the scenario"), std::string::npos) << out();
}

TEST_F(CliTest, ABaselineThatIsNoSetupIsAnErrorOfUsage) {
  EXPECT_EQ(cli("compare " + valid_file() + " --baseline vpz"), number(ExitCode::usage));
  EXPECT_NE(err().find("has no setup \"vpz\" for --baseline; did you mean \"vps\"?"),
            std::string::npos)
      << err();
  EXPECT_EQ(out(), "");
}

TEST_F(CliTest, CompareWritesTheSameJsonAsRun) {
  EXPECT_EQ(cli("run " + valid_file() + " --format json"), 0);
  const std::string run = out();
  out_.str("");
  EXPECT_EQ(cli("compare " + valid_file() + " --format json"), 0);
  EXPECT_EQ(out(), run);
}

TEST_F(CliTest, ExplainSaysWhyNoCliffWasLookedFor) {
  EXPECT_EQ(cli("explain " + valid_file()), 0);
  EXPECT_NE(out().find("No cliff was looked for: no objectives are stated."), std::string::npos)
      << out();
}

TEST_F(CliTest, ExplainHasNoCsv) {
  EXPECT_EQ(cli("explain " + valid_file() + " --format csv"), number(ExitCode::usage));
  EXPECT_NE(err().find("text, json or markdown"), std::string::npos) << err();
}

TEST_F(CliTest, ExplainWritesMarkdownAndJson) {
  EXPECT_EQ(cli("explain " + valid_file() + " --format markdown"), 0);
  EXPECT_EQ(out().rfind("### ", 0), 0u) << out();
  out_.str("");
  EXPECT_EQ(cli("explain " + valid_file() + " --format json"), 0);
  EXPECT_NE(out().find("\"cliffs\""), std::string::npos) << out();
}

}  // namespace
}  // namespace cotenant
