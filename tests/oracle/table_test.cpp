// SPDX-License-Identifier: Apache-2.0
//
// Rewrites the part of docs/validation.md about the oracles, when COTENANT_ORACLE_TABLE=1 asks for
// it: runs everything, so it takes as long as all tests with the label oracle.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/oracle/cases.h"
#include "tests/oracle/models.h"
#include "tests/oracle/uncovered.h"
#include "tests/support/generated_part.h"

namespace cotenant::oracle {
namespace {

constexpr const char* kBegin = "<!-- oracles: begin (generated) -->\n";
constexpr const char* kEnd = "<!-- oracles: end -->\n";

struct Outcome {
  int checks = 0;
  double worst = 0;  // |error| as a part of what is allowed
  std::string worst_row;
  std::set<std::string> failed;
};

using ByGroup = std::map<std::string, Outcome>;

void note(ByGroup& outcomes, const Check& check, const Judgment& judgment) {
  Outcome& outcome = outcomes[check.row.group];
  ++outcome.checks;
  if (!judgment.passed()) outcome.failed.insert(check.row.id);
  if (judgment.used() < outcome.worst && !outcome.worst_row.empty()) return;
  outcome.worst = judgment.used();
  outcome.worst_row = check.row.id;
}

ByGroup run_all() {
  ByGroup outcomes;
  for (const Case& of : all_cases()) {
    SCOPED_TRACE(of.name);
    try {
      const Reports reports = run(of.simulation);
      for (const Check& check : of.checks) {
        note(outcomes, check, judge(check.row, check.expected, check.estimator(reports)));
      }
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
      for (const Check& check : of.checks) outcomes[check.row.group].failed.insert(check.row.id);
    }
  }
  return outcomes;
}

std::vector<std::string> groups_in_order() {
  std::vector<std::string> groups;
  for (const Row& row : all_rows()) {
    if (std::find(groups.begin(), groups.end(), row.group) == groups.end()) {
      groups.push_back(row.group);
    }
  }
  return groups;
}

// Rows and covered rows of one group, or of all.
std::pair<int, int> counts(const std::string& group) {
  int rows = 0, covered = 0;
  for (const Row& row : all_rows()) {
    if (!group.empty() && row.group != group) continue;
    ++rows;
    if (!parts_of(row).empty()) ++covered;
  }
  return {rows, covered};
}

std::string line_of(const std::string& group, const Outcome& outcome) {
  const auto [rows, covered] = counts(group);
  if (covered == 0) return fmt::format("| {} | {} | 0 | – | – |\n", group, rows);
  return fmt::format("| {} | {} | {} | {} | {:.2f} ({}) |\n", group, rows, covered, outcome.checks,
                     outcome.worst, outcome.worst_row);
}

std::string table_of_groups(const ByGroup& outcomes) {
  std::string text =
      "| group | rows | covered | checks | worst \\|error\\| / allowed |\n|---|---|---|---|---|\n";
  int checks = 0;
  for (const std::string& group : groups_in_order()) {
    const auto at = outcomes.find(group);
    const Outcome outcome = at == outcomes.end() ? Outcome() : at->second;
    text += line_of(group, outcome);
    checks += outcome.checks;
  }
  const auto [rows, covered] = counts("");
  return text + fmt::format("| **all** | {} | {} | {} | |\n", rows, covered, checks);
}

std::string list_of_failures(const ByGroup& outcomes) {
  std::string text;
  for (const auto& [group, outcome] : outcomes) {
    for (const std::string& id : outcome.failed) text += "- `" + id + "`\n";
  }
  return text.empty() ? "No covered row fails.\n" : "These rows fail:\n\n" + text;
}

std::string list_of_uncovered() {
  std::vector<std::pair<std::string, std::string>> by_reason;  // in the order of the rows
  for (const Row& row : all_rows()) {
    if (!parts_of(row).empty()) continue;
    const std::string reason = "**" + row.group + "**: " + why_not_covered(row);
    const auto at = std::find_if(by_reason.begin(), by_reason.end(),
                                 [&](const auto& entry) { return entry.first == reason; });
    if (at == by_reason.end()) {
      by_reason.emplace_back(reason, "`" + row.id + "`");
    } else {
      at->second += ", `" + row.id + "`";
    }
  }
  std::string text;
  for (const auto& [reason, ids] : by_reason) text += "- " + reason + " " + ids + "\n";
  return text;
}

TEST(OracleTable, IsRewritten) {
  if (std::getenv("COTENANT_ORACLE_TABLE") == nullptr) GTEST_SKIP() << "not asked for";
  const std::string file = std::string(COTENANT_SOURCE_DIR) + "/docs/validation.md";
  const ByGroup outcomes = run_all();
  const std::string text = table_of_groups(outcomes) + "\n" + list_of_failures(outcomes) +
                           "\nNot covered, by group and reason:\n\n" + list_of_uncovered();
  EXPECT_TRUE(rewrite_between(file, kBegin, kEnd, text));
}

}  // namespace
}  // namespace cotenant::oracle
