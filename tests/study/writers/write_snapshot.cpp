// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/study/writers/write_snapshot.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

namespace cotenant {
namespace {

std::optional<std::string> read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The lines that differ by position, as "-expected" and "+actual".
std::string difference(const std::string& expected, const std::string& actual) {
  const std::vector<std::string> before = lines_of(expected), after = lines_of(actual);
  std::string text;
  for (std::size_t i = 0; i < before.size() || i < after.size(); ++i) {
    if (i < before.size() && i < after.size() && before[i] == after[i]) continue;
    text += "@@ line " + std::to_string(i + 1) + "\n";
    if (i < before.size()) text += "-" + before[i] + "\n";
    if (i < after.size()) text += "+" + after[i] + "\n";
  }
  return text.empty() ? "only the ends of lines differ\n" : text;
}

}  // namespace

void expect_snapshot(const std::string& file, const std::string& text) {
  const std::string path =
      std::string(COTENANT_SOURCE_DIR) + "/tests/study/writers/snapshots/" + file;
  if (std::getenv("COTENANT_UPDATE_SNAPSHOTS") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  const std::optional<std::string> expected = read(path);
  ASSERT_TRUE(expected.has_value()) << path << " is missing";
  EXPECT_TRUE(*expected == text) << path << " differs:\n" << difference(*expected, text);
}

}  // namespace cotenant
