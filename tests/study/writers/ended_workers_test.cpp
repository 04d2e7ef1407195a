// SPDX-License-Identifier: Apache-2.0
//
// Both reports for people say how many workers ended, where some did.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"
#include "tests/study/writers/write_samples.h"

namespace cotenant {
namespace {

std::vector<std::string> reports(const std::vector<ServiceCounters>& services) {
  Report report = single_setup();
  report.setups[0].services = services;
  return {write_text(report, {}), write_markdown(report, {})};
}

void expect_in_both(const std::vector<ServiceCounters>& services, const std::string& text) {
  for (const std::string& report : reports(services)) {
    EXPECT_NE(report.find(text), std::string::npos) << report;
  }
}

TEST(EndedWorkers, AreCountedByWhatBecameOfThem) {
  expect_in_both({{"web", 1234, 0, 0}}, "Workers of web in host: 1,234 replaced\n");
  expect_in_both({{"web", 1234, 34, 0}},
                 "Workers of web in host: 1,234 replaced, 34 of them killed because they hung\n");
  expect_in_both({{"web", 0, 0, 2}}, "Workers of web in host: 2 ended and not replaced\n");
  expect_in_both({{"web", 3, 0, 2}},
                 "Workers of web in host: 3 replaced; 2 ended and not replaced\n");
}

TEST(EndedWorkers, AreNotMentionedWhereThereAreNone) {
  expect_in_both({{"web", 0, 0, 0}, {"api", 1, 1, 0}}, "Workers of api in host: 1 replaced, 1 of");
  for (const std::string& report : reports({{"web", 0, 0, 0}})) {
    EXPECT_EQ(report.find("Workers of"), std::string::npos) << report;
  }
}

}  // namespace
}  // namespace cotenant
