// SPDX-License-Identifier: Apache-2.0
//
// The document reader: positions of every kind of token, limits, and texts that are not JSON. The
// exact messages of syntax errors are in tests/scenarios/invalid.
#include "scenarios/document.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

Node parse(const std::string& text) {
  Diagnostics diagnostics;
  std::optional<Node> node = parse_document(text, diagnostics);
  EXPECT_TRUE(node.has_value()) << render(diagnostics, "text");
  EXPECT_TRUE(diagnostics.empty()) << render(diagnostics, "text");
  return node.value_or(Node());
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  static_cast<void>(parse_document(text, diagnostics));
  return render(diagnostics, "f");
}

TEST(Document, KnowsWhereEveryKindOfTokenStarts) {
  const Node root = parse(
      "{\n"
      "  \"null\" : null, \"yes\": true,\n"
      "  \"no\":false,\"number\": -1.5e3, \"text\": \"a,b:c\",\n"
      "\t\"array\": [ 1,2 , \"x\"],\r\n"
      "  \"object\": {}\n"
      "}");
  EXPECT_EQ(root.position, (Position{1, 1}));
  EXPECT_EQ(root.keys[0].position, (Position{2, 3}));
  EXPECT_EQ(root.find("null")->position, (Position{2, 12}));
  EXPECT_EQ(root.find("yes")->position, (Position{2, 25}));
  EXPECT_EQ(root.find("no")->position, (Position{3, 8}));
  EXPECT_EQ(root.find("number")->position, (Position{3, 24}));
  EXPECT_EQ(root.find("text")->position, (Position{3, 40}));
  EXPECT_EQ(root.find("array")->position, (Position{4, 11}));  // a tab is one column
  EXPECT_EQ(root.find("array")->items[0].position, (Position{4, 13}));
  EXPECT_EQ(root.find("array")->items[1].position, (Position{4, 15}));
  EXPECT_EQ(root.find("array")->items[2].position, (Position{4, 19}));
  EXPECT_EQ(root.find("object")->position, (Position{5, 13}));
  EXPECT_EQ(root.keys[6].position, (Position{5, 3}));
}

TEST(Document, KeepsValuesAndTheOrderOfKeys) {
  const Node root = parse(R"({"z": "\u00e9\n\"", "a": 1.50, "m": [true, null]})");
  ASSERT_EQ(root.keys.size(), 3u);
  EXPECT_EQ(root.keys[0].text, "z");
  EXPECT_EQ(root.keys[2].text, "m");
  EXPECT_EQ(root.items[0].text, "é\n\"");
  EXPECT_EQ(root.items[1].text, "1.50");  // as written
  EXPECT_EQ(root.items[2].items[0].kind, Node::Kind::boolean);
  EXPECT_TRUE(root.items[2].items[0].boolean);
  EXPECT_EQ(root.items[2].items[1].kind, Node::Kind::null);
}

TEST(Document, CountsColumnsInCodePoints) {
  // "ü" has two bytes, "€" three, "😀" four; each is one column.
  const Node root = parse("[\"ü€😀\", 1]");
  EXPECT_EQ(root.items[1].position, (Position{1, 9}));
}

TEST(Document, AcceptsScalarsAtTheTop) {
  EXPECT_EQ(parse(" 12 ").text, "12");
  EXPECT_EQ(parse(" 12 ").position, (Position{1, 2}));
  EXPECT_EQ(parse("\"x\"").text, "x");
}

TEST(Document, SkipsOneByteOrderMark) {
  EXPECT_EQ(parse("\xef\xbb\xbf[1]").items[0].position, (Position{1, 2}));
  EXPECT_EQ(problems("\xef\xbb\xbf\xef\xbb\xbf[1]"),
            "f:1:1: error: the file starts with two byte order marks\n");
}

TEST(Document, AcceptsTheGreatestDepthAndRefusesOneMore) {
  const auto nested = [](int depth) {
    const auto n = static_cast<std::size_t>(depth);
    return std::string(n, '[') + std::string(n, ']');
  };
  parse(nested(kMaxDocumentDepth));
  EXPECT_NE(problems(nested(kMaxDocumentDepth + 1)).find("nested more than 64 levels deep"),
            std::string::npos);
  // A megabyte of brackets must not exhaust the stack.
  EXPECT_NE(problems(std::string(1'000'000, '[')).find("nested more than"), std::string::npos);
}

TEST(Document, RefusesTextsAndTreesThatAreTooLarge) {
  const std::string blank(kMaxDocumentBytes - 2, ' ');
  parse("1" + blank);
  EXPECT_EQ(problems("1" + blank + "  "), "f:1:1: error: the file is larger than 4 MiB\n");

  // The array itself is a value too.
  std::string values = "[0";
  for (std::size_t i = 2; i < kMaxDocumentValues; ++i) values += ",0";
  parse(values + "]");
  EXPECT_NE(problems(values + ",0]").find("more than 250000 values"), std::string::npos);
}

TEST(Document, ReportsEveryDuplicateKeyAndStillReturnsTheTree) {
  Diagnostics diagnostics;
  const auto root =
      parse_document("{\"a\": {\"b\": 1, \"b\": 2, \"b\": 3}, \"a\": 4}", diagnostics);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(render(diagnostics, "f"),
            "f:1:16: error: /a/b: duplicate key \"b\", first in line 1\n"
            "f:1:24: error: /a/b: duplicate key \"b\", first in line 1\n"
            "f:1:33: error: /a: duplicate key \"a\", first in line 1\n");
}

TEST(Document, RefusesWhatIsNotUtf8) {
  const std::vector<std::string> bad = {
      "\x80",              // a continuation without a lead
      "\xc0\xaf",          // overlong "/"
      "\xe0\x80\xaf",      // overlong in three bytes
      "\xf0\x80\x80\xaf",  // overlong in four
      "\xed\xa0\x80",      // a surrogate
      "\xf4\x90\x80\x80",  // above U+10FFFF
      "\xf8\x88\x80\x80\x80",
      "\xe2\x82",  // cut short
      "\xff",
  };
  for (const std::string& bytes : bad) {
    EXPECT_EQ(problems("[\"" + bytes + "\"]"), "f:1:3: error: the file is not valid UTF-8 here\n");
  }
  // The neighbors of those are good: U+0080, U+0800, U+10000, U+D7FF, U+E000, U+10FFFF.
  parse("[\"\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"]");
}

TEST(Document, RefusesNulEvenAtTheEnd) {
  // The parser below takes NUL for the end of the text and would not look behind it.
  EXPECT_EQ(problems(std::string("[1]\0garbage", 11)),
            "f:1:4: error: the file contains a NUL byte\n");
}

TEST(Document, EveryTruncationIsOneProblem) {
  const std::string text = R"({"a": [1.5e3, true, null, "\u00e9x", {"b": {}}], "c": -0})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    Diagnostics diagnostics;
    const auto root = parse_document(text.substr(0, length), diagnostics);
    EXPECT_FALSE(root.has_value()) << length;
    EXPECT_EQ(diagnostics.size(), 1u) << length;
  }
}

TEST(Document, FindsByPointer) {
  const Node root = parse(R"({"a/b": {"~": [10, 20]}, "": 1})");
  EXPECT_EQ(find_pointer(root, "")->kind, Node::Kind::object);
  EXPECT_EQ(find_pointer(root, "/a~1b/~0/1")->text, "20");
  EXPECT_EQ(find_pointer(root, "/")->text, "1");
  EXPECT_EQ(find_pointer(root, "/a~1b/~0/2"), nullptr);
  EXPECT_EQ(find_pointer(root, "/a"), nullptr);
  EXPECT_EQ(pointer_token("a/~b"), "/a~1~0b");
}

TEST(Document, PointersOfHostileKeysStayShort) {
  // 63 ASCII bytes, then a two-byte code point across the limit of 64 bytes: it is left out whole.
  const std::string key = std::string(63, 'k') + "é" + std::string(1000, 'k');
  EXPECT_EQ(pointer_token(key), "/" + std::string(63, 'k'));
}

TEST(Document, QuotesForMessagesWithoutControlCharacters) {
  EXPECT_EQ(in_quotes("a\x1b[31m\"\\\x7f"), R"("a\u001b[31m\"\\\u007f")");
  EXPECT_EQ(in_quotes(std::string(41, 'x')), "\"" + std::string(40, 'x') + "…\"");
  EXPECT_EQ(in_quotes(std::string(40, 'x')), "\"" + std::string(40, 'x') + "\"");
}

}  // namespace
}  // namespace cotenant
