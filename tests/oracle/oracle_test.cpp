// SPDX-License-Identifier: Apache-2.0
//
// Cotenant against exact results of queueing theory, through the public path from the text of a
// scenario to its report. Suites: quick (label oracle-quick) is a part of full (label oracle).
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "scenarios/decode.h"
#include "tests/oracle/cases.h"
#include "tests/oracle/models.h"
#include "tests/oracle/uncovered.h"

namespace cotenant::oracle {
namespace {

std::string explain(const Check& check, const Judgment& judgment) {
  std::ostringstream text;
  text.precision(10);
  text << check.row.id << " (" << check.row.model << ": " << check.row.metric << ")\n  expected "
       << judgment.expected << ", estimated " << judgment.estimate.value << ", standard error "
       << judgment.estimate.error << ", tolerance " << judgment.tolerance << ": " << judgment.used()
       << " of what is allowed";
  if (!judgment.close) text << "; too far off";
  if (!judgment.precise) text << "; the run is too short to tell";
  return text.str();
}

class Oracle : public testing::TestWithParam<Case> {};

TEST_P(Oracle, Holds) {
  const Case& of = GetParam();
  SCOPED_TRACE(scenario_text(of.simulation));
  const Reports reports = run(of.simulation);
  for (const Check& check : of.checks) {
    const Judgment judgment = judge(check.row, check.expected, check.estimator(reports));
    EXPECT_TRUE(judgment.passed()) << explain(check, judgment);
    if (judgment.passed()) std::cout << explain(check, judgment) << '\n';
  }
}

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(full, Oracle, testing::ValuesIn(all_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(quick, Oracle, testing::ValuesIn(quick_cases()), name_of);

TEST(OracleRows, EachIsCoveredOrHasAReason) {
  ASSERT_EQ(all_rows().size(), 412u);
  for (const Row& row : all_rows()) {
    EXPECT_TRUE(!parts_of(row).empty() || !why_not_covered(row).empty())
        << row.id << " is neither checked nor explained";
  }
}

// The long runs are not for ./dev test, but their scenarios must be valid.
TEST(OracleRows, AllScenariosAreAccepted) {
  for (const Case& of : all_cases()) {
    const std::string text = scenario_text(of.simulation);
    EXPECT_TRUE(decode(text).ok()) << of.name << "\n" << text;
  }
}

// A list is checked value by value.
TEST(OracleRows, EachValueOfAListHasItsPart) {
  for (const Row& row : all_rows()) {
    const std::size_t parts = parts_of(row).size();
    if (row.values.size() > 1 && parts > 0) {
      EXPECT_EQ(parts, row.values.size()) << row.id;
    }
  }
}

// A slip in the list of quick rows would silently check less.
TEST(OracleRows, QuickOnesExistAndAreOfMostGroups) {
  std::set<std::string> groups;
  for (const Case& of : quick_cases()) {
    for (const Check& check : of.checks) groups.insert(check.row.group);
  }
  EXPECT_GE(groups.size(), 14u);
}

Row row_with(double relative) {
  Row row;
  row.relative = relative;
  return row;
}

// Expected 10 within 1 %: off by 0.2 is too far, unless 4 errors are as large.
TEST(OracleRule, RefusesWhatIsFarOffOrTooImprecise) {
  const Row row = row_with(0.01);
  EXPECT_TRUE(judge(row, 10, {10.09, 0.01}).passed());
  EXPECT_FALSE(judge(row, 10, {10.2, 0.01}).passed());
  EXPECT_TRUE(judge(row, 10, {10.15, 0.04}).passed());
  // 4 x 0.06 exceeds two tolerances of 0.1: right by luck does not count.
  EXPECT_FALSE(judge(row, 10, {10, 0.06}).passed());
}

TEST(OracleRule, TakesAbsoluteTolerancesAndNeverDividesByZero) {
  Row row;
  row.absolute = 0.005;
  EXPECT_TRUE(judge(row, 0.1, {0.1049, 0.0001}).passed());
  EXPECT_FALSE(judge(row, 0.1, {0.1051, 0.0001}).passed());
  EXPECT_TRUE(judge(row_with(1e-9), 0, {1e-10, 0}).passed());
  EXPECT_FALSE(judge(row_with(1e-9), 0, {1e-8, 0}).passed());
}

}  // namespace
}  // namespace cotenant::oracle
