// SPDX-License-Identifier: Apache-2.0
//
// The Markdown report: a table that GitHub renders, whatever the names are.
#include "study/writers/write_markdown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/study/writers/write_samples.h"
#include "tests/study/writers/write_snapshot.h"

namespace cotenant {
namespace {

TEST(WriteMarkdown, ComparesSetups) { expect_snapshot("web_shop.md", write_markdown(web_shop())); }

TEST(WriteMarkdown, SaysThatAQueueGrowsInsteadOfPercentiles) {
  expect_snapshot("overloaded.md", write_markdown(overloaded()));
}

// Bars that separate cells; escaped ones are part of a cell.
std::ptrdiff_t separators(const std::string& line) {
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++count;
  }
  return count;
}

TEST(WriteMarkdown, KeepsTheTableWholeWhateverTheNames) {
  Report report = web_shop();
  report.setups[0].name = "a | b\nc <script> `x` *y*";
  std::istringstream in(write_markdown(report));
  std::ptrdiff_t expected = 0;
  int rows = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] != '|') continue;
    if (expected == 0) expected = separators(line);
    EXPECT_EQ(separators(line), expected) << line;
    EXPECT_EQ(line.find("<script"), line.find("\\<script") == std::string::npos
                                        ? std::string::npos
                                        : line.find("\\<script") + 1);
    ++rows;
  }
  EXPECT_EQ(rows, 2 + 3);  // heading, alignment, three setups
}

TEST(WriteMarkdown, SaysThatARunIsIncomplete) {
  EXPECT_NE(write_markdown(interrupted()).find("**Incomplete** (interrupted)"), std::string::npos);
}

TEST(WriteMarkdown, UsesTheHeadingLevelItIsGiven) {
  EXPECT_EQ(write_markdown(web_shop(), {1}).rfind("# Web shop", 0), 0u);
  EXPECT_EQ(write_markdown(web_shop(), {99}).rfind("###### Web shop", 0), 0u);
}

}  // namespace
}  // namespace cotenant
