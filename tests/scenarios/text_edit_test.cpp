// SPDX-License-Identifier: Apache-2.0
//
// Edits of the text: single ones as a person would make them, and properties of edits at every
// place of every valid scenario.
#include "scenarios/text_edit.h"

#include <gtest/gtest.h>

#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

Node parsed(const std::string& text) {
  Diagnostics diagnostics;
  std::optional<Node> node = parse_document(text, diagnostics);
  EXPECT_TRUE(node && diagnostics.empty()) << render(diagnostics, "text") << text;
  return node.value_or(Node());
}

using Edited = std::optional<TextEdit>;

// The text after an edit that must be possible; undoing it gives the same bytes.
std::string after(const Edited& edit, const std::string& text) {
  EXPECT_TRUE(edit);
  if (!edit) return "";
  EXPECT_EQ(text.substr(edit->offset, edit->removed.size()), edit->removed);
  std::string changed = text;
  apply_edit(*edit, changed);
  std::string undone = changed;
  apply_edit(inverse(*edit), undone);
  EXPECT_EQ(undone, text);
  return changed;
}

std::string with(const std::string& text, const std::string& pointer, const std::string& json) {
  return after(set_value(text, parsed(text), pointer, json), text);
}
std::string without(const std::string& text, const std::string& pointer) {
  return after(remove_value(text, parsed(text), pointer), text);
}

const std::string kShop = R"({
    "name": "shop",
    "web": { "workers": 5, "preload": true },
    "points": [["0s", 1], ["1s", 2]],
    "steps": [
        { "cpu": "5ms" }
    ]
}
)";

std::string shop_with(const std::string& part, const std::string& replacement) {
  std::string text = kShop;
  return text.replace(text.find(part), part.size(), replacement);
}

TEST(TextEdit, ReplacesOnlyTheValue) {
  EXPECT_EQ(with(kShop, "/web/workers", "12"), shop_with("5,", "12,"));
  EXPECT_EQ(with(kShop, "/points/1/0", "\"3s\""), shop_with("1s", "3s"));
  const TextEdit edit = *set_value(kShop, parsed(kShop), "/name", "\"shops\"");
  EXPECT_EQ(edit.removed, "");
  EXPECT_EQ(edit.inserted, "s");
}

TEST(TextEdit, AddsMembersInTheStyleOfTheirNeighbors) {
  EXPECT_EQ(with(kShop, "/seed", "7"), shop_with("    ]\n}", "    ],\n    \"seed\": 7\n}"));
  EXPECT_EQ(with(kShop, "/web/timeout", "\"9s\""),
            shop_with("true }", "true, \"timeout\": \"9s\" }"));
  EXPECT_EQ(with(kShop, "/study/warmup", "\"1s\""),
            shop_with("    ]\n}", "    ],\n    \"study\": { \"warmup\": \"1s\" }\n}"));
  EXPECT_EQ(with("{\"a\":1}", "/b", "2"), "{\"a\":1, \"b\":2}");
  EXPECT_EQ(with("{}", "/b", "2"), "{\n  \"b\": 2\n}");
  EXPECT_EQ(with("{\"a\": {}}", "/a/b", "2"), "{\"a\": { \"b\": 2 }}");
}

TEST(TextEdit, IndentsValuesOfSeveralLinesAsTheFileDoes) {
  EXPECT_EQ(
      with(kShop, "/study", "{\n  \"a\": [\n    1\n  ]\n}"),
      shop_with("    ]\n}",
                "    ],\n    \"study\": {\n        \"a\": [\n            1\n        ]\n    }\n}"));
}

TEST(TextEdit, RemovesWithTheCommaThatIsNotNeededAnyMore) {
  EXPECT_EQ(without(kShop, "/name"), shop_with("\"name\": \"shop\",\n    ", ""));
  EXPECT_EQ(without(kShop, "/web/preload"), shop_with(", \"preload\": true", ""));
  EXPECT_EQ(without(kShop, "/points/0"), shop_with("[\"0s\", 1], ", ""));
  EXPECT_EQ(without(kShop, "/steps/0"), shop_with("\n        { \"cpu\": \"5ms\" }\n    ", ""));
}

TEST(TextEdit, RenamesUnlessTheNameIsTaken) {
  EXPECT_EQ(after(rename_key(kShop, parsed(kShop), "/web", "front \"end\""), kShop),
            shop_with("\"web\"", R"("front \"end\"")"));
  EXPECT_FALSE(rename_key(kShop, parsed(kShop), "/web", "name"));
  EXPECT_FALSE(rename_key(kShop, parsed(kShop), "/steps/0", "x"));
}

TEST(TextEdit, AppendsItemsAndEntries) {
  const Node root = parsed(kShop);
  EXPECT_EQ(after(append_item(kShop, root, "/points", "[\"2s\", 3]"), kShop),
            shop_with("2]]", "2], [\"2s\", 3]]"));
  EXPECT_EQ(after(append_item(kShop, root, "/steps", "{}"), kShop),
            shop_with("\"5ms\" }\n", "\"5ms\" },\n        {}\n"));
  EXPECT_EQ(after(append_item(kShop, root, "/web/list", "1"), kShop),
            shop_with("true }", "true, \"list\": [1] }"));
  EXPECT_EQ(after(insert_entry(kShop, root, "", "name", "b", "1"), kShop),
            shop_with("\"shop\",\n", "\"shop\",\n    \"b\": 1,\n"));
  EXPECT_FALSE(insert_entry(kShop, root, "", "name", "web", "1"));
}

TEST(TextEdit, FindsNothingWhereNothingIs) {
  const Node root = parsed(kShop);
  EXPECT_FALSE(set_value(kShop, root, "/points/7", "1"));
  EXPECT_FALSE(set_value(kShop, root, "/name/x", "1"));
  EXPECT_FALSE(remove_value(kShop, root, "/nothing"));
  EXPECT_FALSE(remove_value(kShop, root, ""));
  EXPECT_FALSE(append_item(kShop, root, "/name", "1"));
}

TEST(TextEdit, KeepsCodePointsAndTheByteOrderMark) {
  const TextEdit edit = difference("é", "è");  // two bytes each, the first the same
  EXPECT_EQ(edit.removed, "é");
  EXPECT_EQ(edit.inserted, "è");
  EXPECT_EQ(difference("aé", "a\xc2\xa9").inserted, "\xc2\xa9");  // the last byte the same
  EXPECT_TRUE(difference("same", "same").empty());
  EXPECT_EQ(with("\xef\xbb\xbf{\"a\": 1}", "/a", "2"), "\xef\xbb\xbf{\"a\": 2}");
}

// What a tree says, without where it says so.
std::string dumped(const Node& node) {
  if (node.kind != Node::Kind::array && node.kind != Node::Kind::object) return describe(node);
  std::string out = node.kind == Node::Kind::array ? "[" : "{";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!node.keys.empty()) out += json_text(node.keys[i].text) + ":";
    out += dumped(node.items[i]) + ",";
  }
  return out;
}

// Calls visit(pointer) for every value but the whole.
template <class Visit>
void for_each_pointer(const Node& node, const std::string& pointer, const Visit& visit) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string inner =
        pointer + (node.keys.empty() ? "/" + std::to_string(i) : pointer_token(node.keys[i].text));
    visit(inner);
    for_each_pointer(node.items[i], inner, visit);
  }
}

TEST(TextEdit, ChangesNothingElseAnywhereInAnyValidScenario) {
  for (const std::string& path : test::valid_scenarios()) {
    SCOPED_TRACE(path);
    const std::string text = test::read_source(path);
    if (text.size() > 20'000) continue;  // the square of it is too much for a test
    const Node root = parsed(text);
    for_each_pointer(root, "", [&](const std::string& pointer) {
      SCOPED_TRACE(pointer);
      const Node* value = find_pointer(root, pointer);
      const std::string was = text.substr(value->span.begin, value->span.end - value->span.begin);
      // To another value and back gives the same text.
      const std::string set = with(text, pointer, "\"another\"");
      EXPECT_EQ(find_pointer(parsed(set), pointer)->text, "another");
      EXPECT_EQ(set.size() - text.size(), std::size_t{9} - was.size());
      const std::string back = with(set, pointer, was);
      const bool several_lines = was.find('\n') != std::string::npos;  // are indented once more
      EXPECT_EQ(several_lines ? dumped(parsed(back)) : back, several_lines ? dumped(root) : text);
      // Without it, all others are as they were.
      const Node rest = parsed(without(text, pointer));
      EXPECT_EQ(dumped(rest).size() + dumped(*value).size() < dumped(root).size(), true);
      const bool last_of_all = root.keys.back().text == pointer.substr(1);
      if (last_of_all) {
        EXPECT_EQ(dumped(parsed(with(without(text, pointer), pointer, was))), dumped(root));
      }
    });
  }
}

}  // namespace
}  // namespace cotenant
