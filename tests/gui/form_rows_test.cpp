// SPDX-License-Identifier: Apache-2.0
//
// Which rows a form has.
#include "gui/editor/form_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

using Kind = FormRow::Kind;

Node parsed(const std::string& text) {
  Diagnostics diagnostics;
  return parse_document(text, diagnostics).value();
}

Node shop() { return parsed(::cotenant::test::read_source("scenarios/library/web-shop.json")); }

const FormRow* find(const std::vector<FormRow>& rows, const std::string& pointer) {
  for (const FormRow& row : rows) {
    if (row.pointer == pointer) return &row;
  }
  return nullptr;
}

TEST(FormRows, EditLawsAndTuplesInPlace) {
  const Node root = shop();
  const auto rows = formRows(scenario_grammar(), root, "/workload/requests/browse/steps/0");
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows[0].kind, Kind::which);
  const FormRow* cv = find(rows, "/workload/requests/browse/steps/0/cpu/cv");
  ASSERT_NE(cv, nullptr);
  EXPECT_EQ(cv->depth, 1);
  EXPECT_EQ(cv->kind, Kind::field);
  const auto arrivals = formRows(scenario_grammar(), root, "/workload/arrivals");
  const FormRow* point = find(arrivals, "/workload/arrivals/points/2");
  ASSERT_NE(point, nullptr);
  EXPECT_TRUE(point->isItem);
  EXPECT_EQ(point->value->kind, ValueType::Kind::tuple);
}

TEST(FormRows, LinkToWhatHasAFormOfItsOwn) {
  const Node root = shop();
  const auto rows = formRows(scenario_grammar(), root, "");
  EXPECT_EQ(find(rows, "/workload")->kind, Kind::link);
  EXPECT_EQ(find(rows, "/setups")->kind, Kind::items);
  EXPECT_EQ(find(rows, "/setups/paas")->kind, Kind::link);
  EXPECT_TRUE(find(rows, "/setups/paas")->isEntry);
  EXPECT_FALSE(find(rows, "/plans")->isSet);
}

TEST(FormRows, FindTheFormOfAPlace) {
  const Node root = shop();
  const auto form = [&](const char* pointer) { return formOf(scenario_grammar(), root, pointer); };
  EXPECT_EQ(form("/workload/requests/browse/steps/0/cpu/mean"),
            "/workload/requests/browse/steps/0");
  EXPECT_EQ(form("/workload/arrivals/points/0/1"), "/workload/arrivals");
  EXPECT_EQ(form("/setups/nowhere/plan"), "/setups");
  EXPECT_EQ(form("/seed"), "");
}

// Every value of every scenario that somebody wrote is edited in exactly one row of one form.
void expectEditable(const Node& root, const Node& node, const std::string& pointer) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const bool keyed = node.kind == Node::Kind::object;
    const std::string inner =
        pointer + (keyed ? pointer_token(node.keys[i].text) : "/" + std::to_string(i));
    // What has a form of its own is a row in the one around it.
    const std::string own = formOf(scenario_grammar(), root, inner);
    const std::string form = own == inner ? formOf(scenario_grammar(), root, pointer) : own;
    const auto rows = formRows(scenario_grammar(), root, form);
    const bool cut = std::any_of(rows.begin(), rows.end(),
                                 [](const FormRow& row) { return row.kind == Kind::truncated; });
    const auto place = place_at(scenario_grammar(), root, inner);
    const bool inTuple = place && place->owner != nullptr && place->owner->tuple;
    if (!cut && !inTuple) {
      EXPECT_NE(find(rows, inner), nullptr) << inner;
    }
    if (!cut) expectEditable(root, node.items[i], inner);
  }
}

TEST(FormRows, ReachEveryValueOfEveryValidScenario) {
  for (const std::string& path : ::cotenant::test::valid_scenarios()) {
    SCOPED_TRACE(path);
    const std::string text = ::cotenant::test::read_source(path);
    const Node root = parsed(text);
    expectEditable(root, root, "");
  }
}

}  // namespace
}  // namespace cotenant::gui
