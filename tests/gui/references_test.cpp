// SPDX-License-Identifier: Apache-2.0
//
// Whatever is renamed is renamed wherever it is named, in one step.
#include "gui/document/references.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gui/document/document.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

// Pointers of all entries of the tables that the tests are about, and of no others: some tables
// have keys that are names of other tables.
std::vector<std::string> entries_in(const Node& root) {
  std::vector<std::string> entries;
  const auto add = [&](const std::string& table) {
    const Node* const node = find_pointer(root, table);
    if (node == nullptr) return;
    for (const Key& key : node->keys) entries.push_back(table + pointer_token(key.text));
  };
  const auto add_computer = [&](const std::string& hosting) {
    add(hosting + "/groups");
    add(hosting + "/guests");
    add(hosting + "/neighbors");
    const std::string guests = hosting + "/guests";
    if (const Node* const node = find_pointer(root, guests)) {
      for (const Key& key : node->keys) add(guests + pointer_token(key.text) + "/groups");
    }
  };
  for (const char* table : {"/application", "/workload/requests", "/setups", "/plans"}) add(table);
  const std::size_t outer = entries.size();
  for (std::size_t i = 0; i < outer; ++i) {
    const std::string entry = entries[i];
    add(entry + "/operations");
    if (entry.rfind("/setups/", 0) != 0) continue;
    add_computer(entry);
    add(entry + "/nodes");
    if (const Node* const nodes = find_pointer(root, entry + "/nodes")) {
      for (const Key& key : nodes->keys) add_computer(entry + "/nodes" + pointer_token(key.text));
    }
  }
  return entries;
}

TEST(Rename, LeavesEveryShippedScenarioValidAndIsOneStep) {
  std::size_t renamed = 0, references = 0;
  for (const std::string& file : test::valid_scenarios()) {
    SCOPED_TRACE(file);
    Document document;
    document.start(test::read_source(file));
    if (!document.scenario()) continue;  // about a catalog of its own
    const std::string before = document.text();
    references += references_in(*document.tree()).size();
    for (const std::string& entry : entries_in(*document.tree())) {
      SCOPED_TRACE(entry);
      ASSERT_TRUE(document.rename(entry, "quite another name"));
      EXPECT_TRUE(document.scenario()) << document.problems()[0].message;
      EXPECT_EQ(document.undoStack().count(), 1);
      document.undoStack().undo();
      ASSERT_EQ(document.text(), before);
      ++renamed;
    }
  }
  EXPECT_GT(renamed, 300u);
  EXPECT_GT(references, 200u);
}

TEST(Rename, RefusesANameThatIsTaken) {
  Document document;
  document.start(test::read_source("scenarios/library/web-shop.json"));
  const std::string before = document.text();
  const Node& setups = *document.tree()->find("setups");
  ASSERT_GE(setups.keys.size(), 2u);
  EXPECT_FALSE(
      document.rename("/setups" + pointer_token(setups.keys[0].text), setups.keys[1].text));
  EXPECT_EQ(document.text(), before);
}

constexpr const char* kTwoComputers = R"({
  "application": {
    "web": { "server": "gunicorn-sync" },
    "db": { "server": "postgres", "operations": { "read": {}, "write": {} } }
  },
  "workload": { "requests": {
    "page": { "service": "web", "steps": [{ "call": "db.read" }, { "together": [{ "call": "db.write" }] }] }
  } },
  "setups": { "one": {
    "groups": { "box": {}, "inner": { "parent": "box" } },
    "nodes": { "far": { "groups": { "box": {} } } },
    "services": { "web": { "group": "box" }, "db": { "node": "far", "group": "box" } }
  } },
  "objectives": [{ "class": "page" }]
})";

TEST(References, KnowTheirComputer) {
  Document document;
  document.start(kTwoComputers);
  ASSERT_TRUE(document.rename("/setups/one/groups/box", "tin"));
  const auto text_at = [&](const char* pointer) {
    const Node* const node = find_pointer(*document.tree(), pointer);
    return node == nullptr ? std::string("nothing") : node->text;
  };
  EXPECT_EQ(text_at("/setups/one/services/web/group"), "tin");
  EXPECT_EQ(text_at("/setups/one/groups/inner/parent"), "tin");
  EXPECT_EQ(text_at("/setups/one/services/db/group"), "box");
  ASSERT_TRUE(document.rename("/application/db", "store"));
  ASSERT_TRUE(document.rename("/application/store/operations/write", "put"));
  EXPECT_EQ(text_at("/workload/requests/page/steps/0/call"), "store.read");
  EXPECT_EQ(text_at("/workload/requests/page/steps/1/together/0/call"), "store.put");
  EXPECT_EQ(text_at("/setups/one/services/store/node"), "far");
  ASSERT_TRUE(document.rename("/workload/requests/page", "home"));
  EXPECT_EQ(text_at("/objectives/0/class"), "home");
}

TEST(References, SuggestWhatThereIs) {
  Diagnostics none;
  const Node root = parse_document(kTwoComputers, none).value();
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_for(root, "/workload/requests/page/service"), (Names{"web", "db"}));
  EXPECT_EQ(names_for(root, "/workload/requests/page/steps/0/call"),
            (Names{"db.read", "db.write"}));
  EXPECT_EQ(names_for(root, "/setups/one/services/db/group"), (Names{"box"}));
  EXPECT_EQ(names_for(root, "/setups/one/services/web/group"), (Names{"box", "inner"}));
  EXPECT_EQ(names_for(root, "/setups/one/services/web/node"), (Names{"far"}));
  EXPECT_EQ(names_for(root, "/objectives/0/class"), (Names{"page"}));
  EXPECT_EQ(names_for(root, "/name"), Names());
  EXPECT_TRUE(namesPlan(root, "/setups/one/plan"));
  EXPECT_FALSE(namesPlan(root, "/setups/one/price"));
}

}  // namespace
}  // namespace cotenant::gui
