// SPDX-License-Identifier: Apache-2.0
//
// What the program says when it is not understood: exit code 2, one sentence, the nearest valid
// name.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/help.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

struct Mistake {
  std::string words;
  std::string message;  // the first line on standard error, without "cotenant: "
};

class UsageErrors : public CliTest, public ::testing::WithParamInterface<Mistake> {};

TEST_P(UsageErrors, AreExplained) {
  EXPECT_EQ(cli(GetParam().words), number(ExitCode::usage));
  EXPECT_EQ(err(), "cotenant: " + GetParam().message + "\nTry \"cotenant --help\".\n");
  EXPECT_EQ(out(), "");
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageErrors,
    ::testing::Values(
        Mistake{"rnu a.json", R"("rnu" is not a command; did you mean "run"?)"},
        Mistake{"a.json", R"("a.json" is not a command; did you mean "run a.json"?)"},
        Mistake{"quux", R"("quux" is not a command)"},
        Mistake{"--bogus", R"("--bogus" is not an option)"}, Mistake{"run", "FILE is required"},
        Mistake{"check", "FILE is required"},
        Mistake{"run a --sede 3", R"("--sede" is not an option of "run"; did you mean "--seed"?)"},
        Mistake{"run a --sede=3", R"("--sede" is not an option of "run"; did you mean "--seed"?)"},
        Mistake{"run --outptu x a",
                R"("--outptu" is not an option of "run"; did you mean "--output"?)"},
        Mistake{"check a --seed 3",
                R"("--seed" is not an option of "check"; did you mean "--set"?)"},
        Mistake{"run a -x", R"("-x" is not an option of "run")"},
        Mistake{"validate", "BUNDLE is required"},
        Mistake{"valdate a", R"("valdate" is not a command; did you mean "validate"?)"},
        Mistake{"validate a --overhead guessed",
                R"(--overhead must be one of fixed, measured, not "guessed")"},
        Mistake{"validate a --phases 0",
                R"(--phases must be a whole number from 1 to 1000000, not "0")"},
        Mistake{"validate a --format csv", R"(--format must be one of text, json, not "csv")"},
        Mistake{"validate a --set x=1",
                R"("--set" is not an option of "validate"; did you mean "--seed"?)"},
        Mistake{"preset", R"("preset" is not a command; did you mean "presets"?)"},
        Mistake{"presets a b", R"("presets" does not take "b")"},
        Mistake{"presets --format yaml", R"(--format must be one of text, json, not "yaml")"},
        Mistake{"version now", R"("version" does not take "now")"},
        Mistake{"run a --seed", "--seed needs a value"},
        Mistake{"run a --seed -1",
                R"(--seed must be a whole number from 0 to 18446744073709551615, not "-1")"},
        Mistake{"run a --seed 18446744073709551616",
                "--seed must be a whole number from 0 to 18446744073709551615, not "
                "\"18446744073709551616\""},
        Mistake{"run a --seed 1.5",
                R"(--seed must be a whole number from 0 to 18446744073709551615, not "1.5")"},
        Mistake{"run a --replications 0",
                R"(--replications must be a whole number from 1 to 1000000, not "0")"},
        Mistake{"run a --jobs 0", R"(--jobs must be a whole number from 1 to 1024, not "0")"},
        Mistake{"run a --format jsn",
                "--format must be one of text, json, csv, markdown, not \"jsn\"; did you mean "
                "\"json\"?"},
        Mistake{"run a --color sometimes",
                R"(--color must be one of auto, always, never, not "sometimes")"},
        Mistake{"run a --time-limit 30",
                R"(--time-limit must be a length of time such as 30s or 5min, not "30")"},
        Mistake{"run a --time-limit 0s",
                R"(--time-limit must be a length of time such as 30s or 5min, not "0s")"},
        Mistake{"run a --set cores",
                R"(--set must be path=value, such as setups.vps.machine.cores=4, not "cores")"},
        Mistake{"run a b --format csv",
                "--format csv takes one FILE, because its rows do not name the scenario; "
                "--format json takes several"},
        Mistake{"run a --quiet --progress", "--quiet and --progress exclude each other"},
        Mistake{"run - -", R"("-" (standard input) may be given once only)"}));

TEST_F(CliTest, WithoutACommandPrintsHelpAndFails) {
  EXPECT_EQ(cli(""), number(ExitCode::usage));
  EXPECT_EQ(out(), "");
  EXPECT_NE(err().find("Usage: cotenant"), std::string::npos);
}

TEST_F(CliTest, HelpNamesEveryCommandOptionAndExitCode) {
  EXPECT_EQ(cli("--help"), 0);
  EXPECT_EQ(err(), "");
  for (const char* word :
       {"run", "inspect", "check", "graph", "presets", "validate", "schema", "version"}) {
    EXPECT_NE(out().find(word), std::string::npos) << word;
  }
  for (const ExitCodeInfo& entry : kExitCodes) {
    EXPECT_NE(out().find(std::string(entry.meaning)), std::string::npos) << entry.meaning;
  }
  out_.str("");
  EXPECT_EQ(cli("run --help"), 0);
  for (const char* word :
       {"--format", "--output", "--seed", "--replications", "--jobs", "--set", "--time-limit",
        "--timeline", "--slices", "--color", "--quiet", "--progress"}) {
    EXPECT_NE(out().find(word), std::string::npos) << word;
  }
}

TEST_F(CliTest, HelpOfValidateNamesEveryOption) {
  EXPECT_EQ(cli("validate --help"), 0);
  for (const char* word :
       {"BUNDLE", "--overhead", "--phases", "--format", "--output", "--seed", "--jobs"}) {
    EXPECT_NE(out().find(word), std::string::npos) << word;
  }
}

TEST_F(CliTest, ExamplesInTheHelpAreUnderstood) {
  for (const Example& example : kExamples) {
    std::vector<std::string> words;
    std::istringstream split{std::string(example.command)};
    // What the shell does with redirections is not for the program to see.
    for (std::string word; split >> word && word != ">";) words.push_back(word);
    ASSERT_EQ(words.at(0), "cotenant");
    words.erase(words.begin());
    const Arguments arguments = parse_arguments(words);
    EXPECT_FALSE(std::holds_alternative<Message>(arguments)) << example.command;
  }
}

TEST(Arguments, OfValidateHaveTheirDefaults) {
  const Arguments plain = parse_arguments(std::vector<std::string>{"validate", "one", "two"});
  ASSERT_TRUE(std::holds_alternative<ValidateArguments>(plain));
  const auto& defaults = std::get<ValidateArguments>(plain);
  EXPECT_EQ(defaults.folders, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(defaults.overhead, OverheadSource::fixed);
  EXPECT_EQ(defaults.phases, 16u);
  EXPECT_EQ(defaults.seed, 1u);
  const Arguments other = parse_arguments(std::vector<std::string>{
      "validate", "one", "--overhead", "measured", "--phases", "32", "--format=json"});
  ASSERT_TRUE(std::holds_alternative<ValidateArguments>(other));
  const auto& said = std::get<ValidateArguments>(other);
  EXPECT_EQ(said.overhead, OverheadSource::measured);
  EXPECT_EQ(said.phases, 32u);
  EXPECT_EQ(said.format, AgreementFormat::json);
}

TEST(Arguments, TakesOptionsBeforeBetweenAndAfterFiles) {
  const std::vector<std::string> words = {"run",    "--set", "a=1", "x.json", "--set",  "b=2",
                                          "y.json", "-j",    "3",   "-o",     "z.json", "--seed=7"};
  const Arguments parsed = parse_arguments(words);
  ASSERT_TRUE(std::holds_alternative<RunArguments>(parsed));
  const auto& run = std::get<RunArguments>(parsed);
  EXPECT_EQ(run.files, (std::vector<std::string>{"x.json", "y.json"}));
  EXPECT_EQ(run.sets, (std::vector<std::string>{"a=1", "b=2"}));
  EXPECT_EQ(run.jobs, 3u);
  EXPECT_EQ(run.output, "z.json");
  EXPECT_EQ(run.seed, 7u);
  EXPECT_FALSE(run.replications.has_value());
}

}  // namespace
}  // namespace cotenant
