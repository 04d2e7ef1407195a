// SPDX-License-Identifier: Apache-2.0
//
// The documentation names what the program has: exit codes, options, metrics, states and outcomes.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "cli/exit_code.h"
#include "models/mark.h"
#include "models/request/outcome.h"
#include "models/request/wait_state.h"
#include "scenarios/metric.h"
#include "validation/agreement/statistics.h"
#include "validation/import/access_log_format.h"

namespace cotenant {
namespace {

std::string page(const std::string& name) {
  std::ifstream in(std::string(COTENANT_SOURCE_DIR) + "/docs/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Docs, CliPageHasEveryExitCode) {
  const std::string text = page("cli.md");
  for (const ExitCodeInfo& entry : kExitCodes) {
    const std::string row =
        "\n| " + std::to_string(number(entry.code)) + " | " + std::string(entry.meaning) + " |\n";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

TEST(Docs, CliPageHasEveryOptionOfValidateAndEveryComparedMetric) {
  const std::string text = page("cli.md");
  const std::size_t start = text.find("\n## validate\n");
  ASSERT_NE(start, std::string::npos);
  const std::string part = text.substr(start);
  for (const char* option :
       {"--overhead", "--phases", "--format", "--output", "--seed", "--jobs"}) {
    EXPECT_NE(part.find("`" + std::string(option)), std::string::npos) << option;
  }
  for (const std::string_view metric : kComparedNames) {
    EXPECT_NE(part.find("`" + std::string(metric) + "`"), std::string::npos) << metric;
  }
}

TEST(Docs, CliPageHasEveryOptionOfImport) {
  const std::string text = page("cli.md");
  const std::size_t start = text.find("\n## import\n");
  ASSERT_NE(start, std::string::npos);
  const std::string part = text.substr(start, text.find("\n## Exit codes\n") - start);
  for (const char* option : {"--output", "--explain", "--log-format", "--path-rule", "--classes",
                             "--cores", "--service", "--replay", "--bundle", "--format"}) {
    EXPECT_NE(part.find(option), std::string::npos) << option;
  }
}

TEST(Docs, ImportPageHasTheRecommendedLogFormat) {
  EXPECT_NE(page("import.md").find(kRecommendedLogFormat), std::string::npos);
}

TEST(Docs, CliPageHasEveryOptionOfInspect) {
  const std::string text = page("cli.md");
  const std::size_t start = text.find("\n## inspect\n");
  ASSERT_NE(start, std::string::npos);
  const std::string part = text.substr(start, text.find("\n## plans\n") - start);
  for (const char* option : {"--setup", "--class", "--percentile", "--latency", "--outcome",
                             "--format", "--output", "--seed", "--jobs", "--set", "--color"}) {
    EXPECT_NE(part.find("`" + std::string(option)), std::string::npos) << option;
  }
}

TEST(Docs, CliPageHasEveryOptionOfCapture) {
  const std::string text = page("cli.md");
  const std::size_t start = text.find("\n## capture\n");
  ASSERT_NE(start, std::string::npos);
  const std::string part = text.substr(start, text.find("\n## validate\n") - start);
  for (const char* option : {"--port", "--pid", "--unit", "--cgroup", "--log", "--log-format",
                             "--interval", "--for", "--output", "--quiet", "--progress"}) {
    EXPECT_NE(part.find("`" + std::string(option)), std::string::npos) << option;
  }
}

TEST(Docs, ReportPageHasEveryEventOfTimelines) {
  const std::string text = page("report-format.md");
  for (const std::string_view kind : kMarkKindNames) {
    EXPECT_NE(text.find("`" + std::string(kind) + "`"), std::string::npos) << kind;
  }
}

TEST(Docs, ReportPageHasEveryMetricWithItsDefinition) {
  const std::string text = page("report-format.md");
  for (const MetricInfo& entry : kMetricTable) {
    EXPECT_NE(text.find("| `" + std::string(entry.key) + "` |"), std::string::npos) << entry.key;
    EXPECT_NE(text.find("| " + std::string(entry.definition) + " |"), std::string::npos)
        << entry.key;
  }
}

TEST(Docs, ReportPageHasEveryWaitStateAndOutcome) {
  const std::string text = page("report-format.md");
  for (const std::string_view state : kWaitStateNames) {
    EXPECT_NE(text.find("| `" + std::string(state) + "` |"), std::string::npos) << state;
  }
  for (const std::string_view outcome : kOutcomeNames) {
    EXPECT_NE(text.find(outcome), std::string::npos) << outcome;
  }
}

}  // namespace
}  // namespace cotenant
