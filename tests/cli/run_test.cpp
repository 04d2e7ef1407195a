// SPDX-License-Identifier: Apache-2.0
//
// `cotenant run` with a study that answers at once: options reach the study, formats reach the
// output, and every way to end has its exit code.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "cli/version.h"
#include "sim/base/assert.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

ObjectiveReport objective(Verdict verdict) {
  ObjectiveReport result;
  result.text = "latency_p95 below 400 ms";
  result.metric = Metric::latency_p95;
  result.below = 0.4;
  result.verdict = verdict;
  result.reason = "made up";
  return result;
}

TEST_F(CliTest, RunPassesOptionsToTheStudy) {
  EXPECT_EQ(cli("run " + valid_file() + " --seed 7 --replications 5 --jobs 3"), 0);
  EXPECT_EQ(asked_.seed, 7u);
  EXPECT_EQ(asked_.replications, 5u);
  EXPECT_EQ(asked_.jobs, 3u);
  EXPECT_EQ(asked_scenario_.setups.size(), 2u);
  EXPECT_EQ(asked_directory_, std::filesystem::path(path("x")).parent_path());
}

TEST_F(CliTest, RunLeavesToTheScenarioWhatIsNotSaid) {
  EXPECT_EQ(cli("run " + valid_file()), 0);
  EXPECT_FALSE(asked_.seed.has_value());
  EXPECT_FALSE(asked_.replications.has_value());
  EXPECT_EQ(asked_.jobs, 2u);  // the cores of the test environment
}

TEST_F(CliTest, SetChangesTheScenario) {
  EXPECT_EQ(cli("run " + valid_file() + " --set setups.vps.machine.cores=8"), 0);
  EXPECT_EQ(asked_scenario_.setups.at(0).second.machine.cores, 8);
  EXPECT_EQ(asked_scenario_.setups.at(1).second.machine.cores, 2);
}

TEST_F(CliTest, SetIsJudgedAsIfTheFileSaidIt) {
  EXPECT_EQ(cli("run " + valid_file() + " --set setups.vps.machine.cores=none"),
            number(ExitCode::invalid_scenario));
  EXPECT_NE(err().find("/setups/vps/machine/cores"), std::string::npos) << err();
}

TEST_F(CliTest, StandardInputIsAFileToo) {
  valid_file();
  in_.str(read("valid.json"));
  EXPECT_EQ(cli("run -"), 0);
  EXPECT_EQ(asked_scenario_.name, "two hosts");
  EXPECT_EQ(asked_directory_, ".");
}

TEST_F(CliTest, TextIsTheDefaultAndHasNoColorWithoutATerminal) {
  EXPECT_EQ(cli("run " + valid_file()), 0);
  EXPECT_EQ(out().rfind("stub: 1 setup, 1 replication of 60 s", 0), 0u) << out();
  EXPECT_EQ(out().find('\x1b'), std::string::npos);
  EXPECT_EQ(err(), "");
}

TEST_F(CliTest, ColorDependsOnTerminalEnvironmentAndOption) {
  const std::string run = "run " + valid_file();
  const auto is_colored = [this](const std::string& command) {
    out_.str("");
    EXPECT_EQ(cli(command), 0);
    return out().find('\x1b') != std::string::npos;
  };
  environment_.out_is_terminal = true;
  EXPECT_TRUE(is_colored(run));
  EXPECT_FALSE(is_colored(run + " --color never"));
  environment_.no_color = true;
  EXPECT_FALSE(is_colored(run));
  EXPECT_TRUE(is_colored(run + " --color always"));  // who asks for it gets it
  environment_.out_is_terminal = false;
  environment_.no_color = false;
  EXPECT_FALSE(is_colored(run));
}

TEST_F(CliTest, JsonIsOneObjectForOneFileAndAnArrayForSeveral) {
  const std::string file = valid_file();
  EXPECT_EQ(cli("run --format json " + file), 0);
  const auto one = nlohmann::json::parse(out());
  EXPECT_EQ(one.at("name"), "stub");
  EXPECT_EQ(one.at("provenance").at("build"), build_text());
  out_.str("");
  EXPECT_EQ(cli("run --format json " + file + " " + file), 0);
  EXPECT_EQ(nlohmann::json::parse(out()).size(), 2u);
}

TEST_F(CliTest, SeveralTextReportsFollowEachOther) {
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file), 0);
  const std::string one = out();
  out_.str("");
  EXPECT_EQ(cli("run " + file + " " + file), 0);
  EXPECT_EQ(out(), one + "\n" + one);
}

TEST_F(CliTest, CsvAndMarkdownAreFormatsToo) {
  EXPECT_EQ(cli("run --format csv " + valid_file()), 0);
  EXPECT_EQ(out().rfind("setup,class,metric,unit,value,low,high\n", 0), 0u);
  out_.str("");
  EXPECT_EQ(cli("run --format markdown " + valid_file()), 0);
  EXPECT_EQ(out().rfind("### stub", 0), 0u);
}

TEST_F(CliTest, AMissedObjectiveHasItsExitCode) {
  answer_.setups[0].objectives = {objective(Verdict::met), objective(Verdict::missed)};
  EXPECT_EQ(cli("run " + valid_file()), number(ExitCode::objective_missed));
  EXPECT_NE(out().find("misses"), std::string::npos);
}

TEST_F(CliTest, AnUndecidedObjectiveIsSaidButDoesNotFail) {
  answer_.setups[0].objectives = {objective(Verdict::met), objective(Verdict::cannot_tell)};
  EXPECT_EQ(cli("run " + valid_file()), 0);
  EXPECT_NE(out().find("cannot tell"), std::string::npos);
}

TEST_F(CliTest, ABudgetThatEndsARunMakesItIncomplete) {
  answer_.setups[0].objectives = {objective(Verdict::missed)};
  answer_.provenance.complete = false;
  answer_.provenance.incomplete_because = "the budget of events was used up";
  EXPECT_EQ(cli("run " + valid_file()), number(ExitCode::incomplete));
  EXPECT_NE(out().find("the budget of events was used up"), std::string::npos) << out();
}

TEST_F(CliTest, AnInterruptedRunReportsWhatIsDone) {
  environment_.study = [this](const Scenario&, const std::filesystem::path&,
                              const StudyOptions& options) {
    stop_request_.interrupted = true;
    stop_request_.stop = true;
    answer_.provenance.complete = !options.stop->load();
    return Checked<Report>(answer_);
  };
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file + " " + file), number(ExitCode::interrupted));
  EXPECT_NE(out().find("Incomplete (interrupted)"), std::string::npos) << out();
  EXPECT_EQ(err(), "cotenant: interrupted: 1 of 2 scenarios were not run\n");
}

TEST_F(CliTest, ATimeLimitThatPassesMakesTheRunIncomplete) {
  // The study waits for the stop; the limit of one nanosecond has passed by then.
  environment_.study = [this](const Scenario&, const std::filesystem::path&,
                              const StudyOptions& options) {
    while (!*options.stop) std::this_thread::yield();
    return Checked<Report>(answer_);
  };
  answer_.provenance.complete = false;
  EXPECT_EQ(cli("run " + valid_file() + " --time-limit 1ns"), number(ExitCode::incomplete));
  EXPECT_NE(out().find("Incomplete (the time limit of 1ns was reached)"), std::string::npos)
      << out();
}

TEST_F(CliTest, ATimeLimitThatDoesNotPassChangesNothing) {
  EXPECT_EQ(cli("run " + valid_file() + " --time-limit 1000d"), 0);
  EXPECT_FALSE(stop_request_.stop);
}

TEST_F(CliTest, InvalidScenariosAreAllReportedBeforeAnythingRuns) {
  const std::string bad = write("bad.json", "{\"format\": 1,\n  \"nmae\": 3}");
  const std::string worse = write("worse.json", "[");
  EXPECT_EQ(cli("run " + valid_file() + " " + bad + " " + worse),
            number(ExitCode::invalid_scenario));
  EXPECT_NE(err().find(bad + ":2:3: error: "), std::string::npos) << err();
  EXPECT_NE(err().find("\"name\"?"), std::string::npos) << err();
  EXPECT_NE(err().find(worse + ":1:"), std::string::npos) << err();
  EXPECT_EQ(out(), "");
  EXPECT_TRUE(asked_scenario_.name.empty());
}

TEST_F(CliTest, ProblemsFoundByTheStudyAreDiagnosticsToo) {
  environment_.study = [](const Scenario&, const std::filesystem::path&, const StudyOptions&) {
    Diagnostics diagnostics;
    diagnostics.add({"/workload/arrivals", 0, 0, "row 3 goes back in time", "", ""});
    return Checked<Report>(diagnostics);
  };
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file), number(ExitCode::invalid_scenario));
  EXPECT_EQ(err(), file + ": error: /workload/arrivals: row 3 goes back in time\n");
}

TEST_F(CliTest, ABugIsPrintedWithTheCommandThatReproducesIt) {
  environment_.study = [](const Scenario&, const std::filesystem::path&,
                          const StudyOptions&) -> Checked<Report> {
    throw Bug("x == y failed at 1.5 s");
  };
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file + " --set name=it's"), number(ExitCode::internal_error));
  EXPECT_NE(err().find("internal error: x == y failed at 1.5 s\n"), std::string::npos) << err();
  EXPECT_NE(err().find("\n  cotenant run " + file + " --set 'name=it'\\''s'\n"), std::string::npos)
      << err();
}

TEST_F(CliTest, ARecordingThatCannotBeReadIsAnInputThatCannotBeRead) {
  environment_.study = [](const Scenario&, const std::filesystem::path&,
                          const StudyOptions&) -> Checked<Report> {
    throw std::runtime_error("cannot read trace.csv.gz: No such file or directory");
  };
  EXPECT_EQ(cli("run " + valid_file()), number(ExitCode::cannot_read));
  EXPECT_EQ(err(), "cotenant: cannot read trace.csv.gz: No such file or directory\n");
}

TEST_F(CliTest, FilesThatCannotBeReadAreNamed) {
  EXPECT_EQ(cli("run " + path("none.json")), number(ExitCode::cannot_read));
  EXPECT_EQ(err(), "cotenant: cannot read " + path("none.json") + ": No such file or directory\n");
  err_.str("");
  EXPECT_EQ(cli("check " + path("")), number(ExitCode::cannot_read));
  EXPECT_NE(err().find(": Is a directory\n"), std::string::npos) << err();
}

TEST_F(CliTest, AnEndlessFileIsReadToTheLimitOnly) {
  EXPECT_EQ(cli("check /dev/zero"), number(ExitCode::invalid_scenario));
}

TEST_F(CliTest, CheckSummarizesValidFiles) {
  const std::string file = valid_file();
  EXPECT_EQ(cli("check " + file), 0);
  EXPECT_EQ(out(), file +
                       ": ok\n  2 setups: vps, shared\n"
                       "  1 request class: page; 3 replications of 60 s\n")
      << out();
}

TEST_F(CliTest, CheckReportsAllFilesAndFailsIfOneIsInvalid) {
  const std::string bad = write("bad.json", "{}");
  const std::string file = valid_file();
  EXPECT_EQ(cli("check " + bad + " " + file), number(ExitCode::invalid_scenario));
  EXPECT_NE(err().find(bad + ":1:1: error: "), std::string::npos) << err();
  EXPECT_EQ(out().rfind(file + ": ok\n", 0), 0u);
}

TEST_F(CliTest, DiagnosticsCannotDriveTheTerminal) {
  const std::string bad = write("bad.json", "{\"\x1b[2J\": 1}");
  EXPECT_EQ(cli("check " + bad), number(ExitCode::invalid_scenario));
  EXPECT_EQ(err().find('\x1b'), std::string::npos);
}

TEST_F(CliTest, SchemaIsJson) {
  EXPECT_EQ(cli("schema"), 0);
  EXPECT_EQ(nlohmann::json::parse(out()).at("$schema"), "http://json-schema.org/draft-07/schema#");
}

TEST_F(CliTest, VersionNamesFormats) {
  EXPECT_EQ(cli("version"), 0);
  EXPECT_EQ(out().rfind("cotenant ", 0), 0u);
  EXPECT_NE(out().find("scenario format 1, report format 1\n"), std::string::npos);
  const std::string version = out();
  out_.str("");
  EXPECT_EQ(cli("--version"), 0);
  EXPECT_EQ(out(), version);
}

}  // namespace
}  // namespace cotenant
