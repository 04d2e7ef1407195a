// SPDX-License-Identifier: Apache-2.0
//
// `cotenant calibrate` from words to a file of parameters and an exit code.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "scenarios/parameter_set.h"
#include "tests/cli/cli_fixture.h"
#include "tests/cli/small_recording.h"

namespace cotenant {
namespace {

class CalibrateTest : public CliTest {
 protected:
  std::string recording(const std::string& name, const std::string& kind = "gunicorn-sync") {
    std::filesystem::create_directory(path(name));
    for (const auto& [file, text] : small_recording(name, kind)) write(name + "/" + file, text);
    return path(name);
  }
};

TEST_F(CalibrateTest, WritesParametersAndSaysHowWellTheyFit) {
  EXPECT_EQ(cli("calibrate " + recording("E1_a_s1") + " -o " + path("fitted.json")), 0);
  const Checked<ParameterSet> set = decode_parameters(read("fitted.json"));
  ASSERT_TRUE(set.ok()) << render(set.diagnostics(), "fitted.json");
  ASSERT_EQ(set->parameters.size(), 3u);
  EXPECT_EQ(set->captures, std::vector<std::string>{"E1_a_s1"});
  EXPECT_GE(set->discrepancy, 0.03);
  for (const Parameter& parameter : set->parameters) {
    EXPECT_EQ(parameter.of, "gunicorn-20.1-sync");
    EXPECT_EQ(parameter.covariance.size(), 3u);
    EXPECT_EQ(parameter.ensemble.size(), 100u);
  }
  for (const char* words : {"E1_a_s1", "overhead_reply", "What no parameter explains"}) {
    EXPECT_NE(out().find(words), std::string::npos) << words << "\n" << out();
  }
}

TEST_F(CalibrateTest, GivesValidateWhatItNeeds) {
  const std::string folder = recording("E1_a_s1");
  ASSERT_EQ(cli("calibrate " + folder + " -o " + path("fitted.json")), 0);
  EXPECT_EQ(cli("validate " + folder + " --phases 2 --parameters " + path("fitted.json")), 0);
  EXPECT_NE(out().find("are where nine in ten should be"), std::string::npos) << out();
}

TEST_F(CalibrateTest, WritesNothingWhereNothingCanBeFitted) {
  const std::string folder = recording("E5_a_s1", "gevent");
  EXPECT_EQ(cli("calibrate " + folder + " -o " + path("fitted.json")),
            number(ExitCode::invalid_scenario));
  EXPECT_FALSE(std::filesystem::exists(path("fitted.json")));
  EXPECT_NE(out().find("E5_a_s1 was not fitted to: the server \"gevent\" is not modeled"),
            std::string::npos)
      << out();
}

TEST_F(CalibrateTest, NeedsAFileToWriteTo) {
  EXPECT_EQ(cli("calibrate " + recording("E1_a_s1")), number(ExitCode::usage));
  EXPECT_EQ(cli("calibrate " + path("none") + " -o " + path("fitted.json")),
            number(ExitCode::cannot_read));
}

TEST_F(CalibrateTest, ParametersThatAreWrongAreAllTold) {
  write("fitted.json", R"({"format": 1, "parameters": [{"kind": "demand_gpu", "value": 0}]})");
  EXPECT_EQ(cli("validate " + recording("E1_a_s1") + " --parameters " + path("fitted.json")),
            number(ExitCode::invalid_scenario));
  for (const char* words : {"demand_cpu", "/parameters/0/of", "/parameters/0/value"}) {
    EXPECT_NE(err().find(words), std::string::npos) << words << "\n" << err();
  }
}

}  // namespace
}  // namespace cotenant
