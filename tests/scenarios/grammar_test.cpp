// SPDX-License-Identifier: Apache-2.0
//
// The grammar against the decoder: what is shipped and valid is known to it, member by member, and
// what it makes itself fits.
#include "scenarios/grammar.h"

#include <gtest/gtest.h>

#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

Node parsed(const std::string& text) {
  Diagnostics diagnostics;
  return parse_document(text, diagnostics).value();
}

// Every value of a document has a place that fits it.
void walk(const Node& root, const Node& node, const std::string& pointer) {
  const std::optional<DocumentPlace> place = place_at(scenario_grammar(), root, pointer);
  ASSERT_TRUE(place) << pointer;
  EXPECT_EQ(place->node, &node) << pointer;
  EXPECT_EQ(problem_with(*place->value, node), "") << pointer;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const bool keyed = node.kind == Node::Kind::object;
    const std::string token = keyed ? pointer_token(node.keys[i].text) : "/" + std::to_string(i);
    walk(root, node.items[i], pointer + token);
  }
}

TEST(Grammar, KnowsEveryValueOfEveryValidScenario) {
  for (const std::string& path : test::valid_scenarios()) {
    SCOPED_TRACE(path);
    const Node root = parsed(test::read_source(path));
    walk(root, root, "");
  }
}

void expect_starting_value_fits(const ValueType& type, const std::string& where) {
  const std::string json = starting_value(type);
  EXPECT_EQ(problem_with(type, parsed(json)), "") << where << ": " << json;
}

TEST(Grammar, StartsEveryValueWithOneThatFits) {
  for (const auto& [name, object] : scenario_grammar().objects) {
    for (const Member& member : object.members) {
      const std::string where = name + "." + member.key;
      expect_starting_value_fits(member.value, where);
      if (member.value.item) expect_starting_value_fits(*member.value.item, where);
      if (!member.fallback.empty()) {
        EXPECT_EQ(problem_with(member.value, parsed(member.fallback)), "") << where;
      }
    }
  }
}

TEST(Grammar, SaysOfEveryMemberWhatItIs) {
  for (const auto& [name, object] : scenario_grammar().objects) {
    EXPECT_NE(object.help, "") << name;
    for (const Member& member : object.members) {
      EXPECT_NE(member.help, "") << name << '.' << member.key;
      EXPECT_NE(member.value.expected, "") << name << '.' << member.key;
    }
  }
}

TEST(Grammar, FollowsTheAlternativeThatAnObjectChooses) {
  const Node root = parsed(R"({"application": {"web": {"server": "gunicorn-sync"}, "db": {}},
    "workload": {"requests": {"page": {"steps": [{"wait": "1ms"}, {}]}}}})");
  const auto place = [&](const std::string& pointer) {
    return place_at(scenario_grammar(), root, pointer);
  };
  const auto workers = place("/application/web/workers");
  ASSERT_TRUE(workers);
  EXPECT_EQ(workers->value->kind, ValueType::Kind::whole);
  EXPECT_EQ(workers->node, nullptr);
  EXPECT_TRUE(workers->member->required);
  EXPECT_FALSE(place("/application/db/workers"));  // nobody knows what it is
  EXPECT_FALSE(place("/application/web/workres"));
  const auto wait = place("/workload/requests/page/steps/0/wait");
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->value->object->name, "law");
  EXPECT_EQ(wait->value->object->brief->family, ValueType::Family::duration);
  const auto step = place("/workload/requests/page/steps/1");
  ASSERT_TRUE(step);
  EXPECT_EQ(chosen(*step->value->object, *step->node), nullptr);
  EXPECT_EQ(place("/application/new")->value->object->name, "service");
}

TEST(Grammar, JudgesSingleValuesAsTheDecoderDoes) {
  const auto judged = [](const std::string& pointer, const std::string& json) {
    const Node root = parsed(test::minimal_scenario());
    return problem_with(*place_at(scenario_grammar(), root, pointer)->value, parsed(json));
  };
  EXPECT_EQ(judged("/study/duration", "\"10min\""), "");
  EXPECT_EQ(judged("/study/duration", "10"),
            "must be a duration from 1ms to 400d, got 10 without a unit");
  EXPECT_NE(judged("/study/duration", "\"0s\""), "");
  EXPECT_EQ(judged("/study/warmup", "\"auto\""), "");
  EXPECT_EQ(judged("/study/replications", "0"), "must be a whole number from 1 to 100000, got 0");
  EXPECT_NE(judged("/study/confidence", "1"), "");
  EXPECT_NE(judged("/setups", "{}"), "");
}

}  // namespace
}  // namespace cotenant
