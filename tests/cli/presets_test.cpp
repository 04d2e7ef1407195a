// SPDX-License-Identifier: Apache-2.0
//
// `cotenant presets`: all or one, for people and for programs.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "scenarios/presets.h"
#include "tests/cli/cli_fixture.h"
#include "tests/cli/program.h"

namespace cotenant {
namespace {

TEST_F(CliTest, PresetsListsThemAllWithTheirSoftware) {
  EXPECT_EQ(cli("presets"), 0);
  EXPECT_EQ(err(), "");
  for (const Preset& preset : presets()) {
    EXPECT_NE(("\n" + out()).find("\n" + preset.name + "\n"), std::string::npos) << preset.name;
    EXPECT_NE(out().find("\nsoftware  " + preset.software + "\n"), std::string::npos)
        << preset.software;
  }
}

TEST_F(CliTest, PresetsShowsOneWithValuesAndSources) {
  EXPECT_EQ(cli("presets gunicorn-sync"), 0);
  EXPECT_EQ(out().rfind("gunicorn-sync\nwhat      gunicorn with sync workers", 0), 0u) << out();
  EXPECT_NE(out().find("\n  timeout              30s                 as above\n"),
            std::string::npos)
      << out();
  EXPECT_NE(
      out().find("\n  limit_concurrency    no limit            unless the scenario says it\n"),
      std::string::npos);
  EXPECT_EQ(out().find("\nnginx"), std::string::npos);
  // What a server costs is told apart from its defaults, and what the words there mean.
  EXPECT_EQ(out().find("hot:"), std::string::npos);
  out_.str("");
  EXPECT_EQ(cli("presets nginx-1.22"), 0);
  EXPECT_NE(out().find("assumed: nobody measured it"), std::string::npos);
}

TEST_F(CliTest, PresetsOfAnUnknownNameSuggestTheNearest) {
  EXPECT_EQ(cli("presets postgrs"), number(ExitCode::usage));
  EXPECT_EQ(out(), "");
  EXPECT_EQ(err(),
            "cotenant: \"postgrs\" is not a preset; did you mean \"postgres\"?\n"
            "Try \"cotenant presets\".\n");
}

// The example in the documentation is what the program prints, less the legend.
TEST_F(CliTest, PresetsPrintsWhatTheDocumentationShows) {
  EXPECT_EQ(cli("presets gunicorn-20.1-sync"), 0);
  std::ostringstream page;
  page << std::ifstream(std::string(COTENANT_SOURCE_DIR) + "/docs/cli.md").rdbuf();
  const std::string shown = out().substr(0, out().find("\nmeasured:"));
  EXPECT_NE(page.str().find("$ cotenant presets gunicorn-20.1-sync\n" + shown + "```\n"),
            std::string::npos)
      << shown;
}

TEST(Process, PresetsAreJsonForPrograms) {
  Program program({"presets", "uvicorn-0.17-h11", "--format", "json"});
  const auto json = nlohmann::json::parse(program.out.read_all());
  EXPECT_EQ(program.err.read_all(), "");
  EXPECT_EQ(program.wait(), 0);
  ASSERT_EQ(json.at("presets").size(), 1u);
  EXPECT_EQ(json.at("presets").at(0).at("values").at("call").at("source"), "divided");
}

}  // namespace
}  // namespace cotenant
