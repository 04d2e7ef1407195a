// SPDX-License-Identifier: Apache-2.0
//
// Diagnostics: their text form, their order, and the bound on their number.
#include "sim/base/diagnostics.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

TEST(Diagnostics, RenderedLikeACompilerMessage) {
  const Diagnostic diagnostic{
      "/setups/vps/machine/cores",     12, 17, "must be a whole number from 1 to 4096, got \"two\"",
      "a whole number from 1 to 4096", ""};
  EXPECT_EQ(
      render(diagnostic, "web.json"),
      "web.json:12:17: error: /setups/vps/machine/cores: must be a whole number from 1 to 4096, "
      "got \"two\"");
}

TEST(Diagnostics, RenderedWithTheNearestName) {
  EXPECT_EQ(render({"/nmae", 2, 3, "unknown key \"nmae\"", "", "name"}, "a.json"),
            "a.json:2:3: error: /nmae: unknown key \"nmae\"; did you mean \"name\"?");
}

TEST(Diagnostics, RenderedWithoutPositionOrPointerWhenThereIsNone) {
  EXPECT_EQ(render({"", 0, 0, "the file is empty", "", ""}, "a.json"),
            "a.json: error: the file is empty");
}

TEST(Diagnostics, RenderedWithoutControlCharacters) {
  EXPECT_EQ(render({"/a\x1b[2J", 1, 1, "unknown", "", ""}, "a.json"),
            "a.json:1:1: error: /a\\u001b[2J: unknown");
}

TEST(Diagnostics, SortedByPositionAndOtherwiseInTheOrderFound) {
  Diagnostics diagnostics;
  for (const auto& [line, column, message] : {std::tuple(2, 1, "d"), std::tuple(1, 9, "b"),
                                              std::tuple(1, 9, "c"), std::tuple(1, 2, "a")}) {
    diagnostics.add({"", line, column, message, "", ""});
  }
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics) order += diagnostic.message;
  EXPECT_EQ(order, "abcd");
}

TEST(Diagnostics, KeepsOnlySoManyAndCountsTheRest) {
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < Diagnostics::kMax + 3; ++i) diagnostics.add({"", 1, 1, "x", "", ""});
  EXPECT_EQ(diagnostics.size(), Diagnostics::kMax);
  EXPECT_EQ(diagnostics.left_out(), 3u);
  const std::string text = render(diagnostics, "f");
  EXPECT_NE(text.find("f: error: and 3 more problems\n"), std::string::npos);
}

TEST(Checked, HoldsAValueOrReasons) {
  const Checked<int> good(7);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  EXPECT_TRUE(good.diagnostics().empty());

  Diagnostics reasons;
  reasons.add({"", 1, 1, "no", "", ""});
  const Checked<int> bad(reasons);
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.diagnostics(), reasons);
  EXPECT_THROW(bad.value(), Bug);
}

TEST(Checked, RefusesToFailWithoutAReason) {
  EXPECT_THROW(static_cast<void>(Checked<int>(Diagnostics())), Bug);
}

}  // namespace
}  // namespace cotenant
