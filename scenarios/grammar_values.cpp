// SPDX-License-Identifier: Apache-2.0
//
// Judges values by the grammar, single ones by the decoder's own readers, and makes values to start
// from.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/decoder.h"
#include "scenarios/grammar.h"
#include "scenarios/pretty.h"
#include "scenarios/quantity.h"
#include "sim/base/assert.h"

namespace cotenant {

namespace {

using Kind = ValueType::Kind;
using Family = ValueType::Family;
using OrderedJson = nlohmann::ordered_json;

template <class T>
std::string problem_reading(const Node& node, const Field& field) {
  Diagnostics diagnostics;
  T value{};
  Decoder(diagnostics).read(node, value, field);
  return diagnostics.empty() ? "" : diagnostics[0].message;
}

std::string problem_with_quantity(const ValueType& type, const Node& node) {
  Field field;
  field.whole = type.whole;
  field.real = type.real;
  switch (type.family) {
    case Family::duration:
      return problem_reading<Duration>(node, field);
    case Family::cpu_time:
      return problem_reading<CpuTime>(node, field);
    case Family::bytes:
      return problem_reading<Bytes>(node, field);
    case Family::rate:
      return problem_reading<Rate>(node, field);
    case Family::link_speed:
      return problem_reading<LinkSpeed>(node, field);
    case Family::money:
      return problem_reading<Money>(node, {});
    case Family::cpu_list:
      return problem_reading<CpuList>(node, field);
  }
  return "";
}

std::string must_be(const ValueType& type, const Node& node) {
  return "must be " + type.expected + ", got " + describe(node);
}

std::string problem_with_bound(const ValueType& type, const Node& node) {
  if (node.kind == Node::Kind::number) return "";
  const bool quantity = node.kind == Node::Kind::string &&
                        (parse_duration(node.text).value || parse_rate(node.text).value ||
                         parse_bytes(node.text).value);
  return quantity ? "" : must_be(type, node);
}

std::string problem_with_plain(const ValueType& type, const Node& node) {
  Field field;
  field.whole = type.whole;
  field.real = type.real;
  field.multiline = type.multiline;
  const std::vector<std::string_view> choices(type.choices.begin(), type.choices.end());
  field.choices = choices;
  switch (type.kind) {
    case Kind::truth:
      return problem_reading<bool>(node, field);
    case Kind::text:
    case Kind::choice:
      return problem_reading<std::string>(node, field);
    case Kind::whole:
      return problem_reading<std::int64_t>(node, field);
    case Kind::real:
      return problem_reading<double>(node, field);
    case Kind::bound:
      return problem_with_bound(type, node);
    default:
      return problem_with_quantity(type, node);
  }
}

std::string problem_with_size(const ValueType& type, const Node& node) {
  const std::size_t size = node.items.size();
  if (size >= type.min_items && size <= type.max_items) return "";
  return "must be " + type.expected + ", got " + (size == 0 ? "none" : std::to_string(size));
}

std::string problem_with_items(const ValueType& type, const Node& node) {
  std::string problem = problem_with_size(type, node);
  for (std::size_t i = 0; i < node.items.size() && problem.empty(); ++i) {
    problem = problem_with(*type.item, node.items[i]);
  }
  return problem;
}

std::string problem_with_tuple(const ValueType& type, const Node& node) {
  const std::vector<Member>& members = type.object->members;
  if (node.items.size() != members.size()) return must_be(type, node);
  std::string problem;
  for (std::size_t i = 0; i < members.size() && problem.empty(); ++i) {
    problem = problem_with(members[i].value, node.items[i]);
  }
  return problem;
}

std::string problem_with_members(const ObjectType& object, const Node& node) {
  const std::vector<const Member*> members = members_of(object, &node);
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].text;
    const Member* known = nullptr;
    for (const Member* member : members) {
      if (member->key == key) known = member;
    }
    if (known == nullptr) return "unknown key " + in_quotes(key);
    const std::string problem = problem_with(known->value, node.items[i]);
    if (!problem.empty()) return key + " " + problem;
  }
  for (const Member* member : members) {
    if (member->required && node.find(member->key) == nullptr) return "needs " + member->key;
  }
  const bool chooses = object.choice && chosen(object, node) == nullptr;
  return chooses ? "must be one of its alternatives" : "";
}

std::string problem_with_object(const ValueType& type, const Node& node) {
  if (node.kind == Node::Kind::object) return problem_with_members(*type.object, node);
  const bool brief = type.object->brief != nullptr &&
                     (node.kind == Node::Kind::string || node.kind == Node::Kind::number);
  return brief ? problem_with(*type.object->brief, node) : must_be(type, node);
}

OrderedJson starting_json(const ValueType& type);

// Of several that exclude each other the first that is no text: that might name what is not there.
const Member& starting_member(const ObjectType& object, const std::vector<std::string>& keys) {
  const Member* first = nullptr;
  for (const Member& member : object.members) {
    if (std::find(keys.begin(), keys.end(), member.key) == keys.end()) continue;
    if (member.value.kind != Kind::text) return member;
    if (first == nullptr) first = &member;
  }
  COTENANT_ASSERT(first != nullptr);
  return *first;
}

OrderedJson starting_members(const ObjectType& object) {
  OrderedJson out = OrderedJson::object();
  const auto add = [&](const Member& member) {
    if (member.required) out[member.key] = starting_json(member.value);
  };
  for (const Member& member : object.members) add(member);
  for (const std::vector<std::string>& keys : object.one_of) {
    const Member& member = starting_member(object, keys);
    out[member.key] = starting_json(member.value);
  }
  if (!object.choice) return out;
  for (const Choice::Alternative& alternative : object.choice->alternatives) {
    const std::string& fallback = object.choice->fallback;
    if (!fallback.empty() && alternative.name != fallback) continue;
    out.update(starting_members(*alternative.object));
    return out;
  }
  return out;
}

// An everyday value of the family, if the range has it, else the least that is not zero.
OrderedJson starting_quantity(const ValueType& type) {
  static constexpr std::string_view kEveryday[] = {"100ms",  "10ms",  "1s",       "1ms",  "1h",
                                                   "64MiB",  "1KiB",  "1GiB",     "10/s", "1/s",
                                                   "10MB/s", "1MB/s", "$5/month", "0",    "1us"};
  Node node;
  node.kind = Node::Kind::string;
  for (const std::string_view text : kEveryday) {
    node.text = text;
    if (problem_with_quantity(type, node).empty()) return text;
  }
  return type.expected;  // found by the test of all fields
}

OrderedJson starting_real(const ValueType& type) {
  Node node;
  node.kind = Node::Kind::number;
  for (const double number : {1.0, 0.5, 0.1, 0.0, 2.0, type.real.low, type.real.high}) {
    node.text = to_text(number);
    if (problem_with_plain(type, node).empty()) return OrderedJson::parse(node.text);
  }
  return 0;
}

OrderedJson starting_json(const ValueType& type) {
  switch (type.kind) {
    case Kind::truth:
      return true;
    case Kind::text:
      return type.multiline ? "" : "new";
    case Kind::choice:
      return type.choices.front();
    case Kind::whole:
      return std::clamp(std::int64_t{1}, type.whole.low, type.whole.high);
    case Kind::real:
      return starting_real(type);
    case Kind::quantity:
      return starting_quantity(type);
    case Kind::bound:
      return 1;
    case Kind::object:
      if (type.object->brief != nullptr) return starting_json(*type.object->brief);
      return starting_members(*type.object);
    case Kind::tuple: {
      OrderedJson out = OrderedJson::array();
      for (const Member& member : type.object->members) out.push_back(starting_json(member.value));
      return out;
    }
    case Kind::list: {
      OrderedJson out = OrderedJson::array();
      for (std::size_t i = 0; i < type.min_items; ++i) out.push_back(starting_json(*type.item));
      return out;
    }
    case Kind::table:
      break;
  }
  OrderedJson out = OrderedJson::object();
  for (std::size_t i = 0; i < type.min_items; ++i) {
    out["new " + std::to_string(i + 1)] = starting_json(*type.item);
  }
  return out;
}

}  // namespace

std::string problem_with(const ValueType& type, const Node& node) {
  if (!type.word.empty() && node.kind == Node::Kind::string && node.text == type.word) return "";
  switch (type.kind) {
    case Kind::object:
      return problem_with_object(type, node);
    case Kind::tuple:
      return node.kind == Node::Kind::array ? problem_with_tuple(type, node) : must_be(type, node);
    case Kind::list:
      return node.kind == Node::Kind::array ? problem_with_items(type, node) : must_be(type, node);
    case Kind::table:
      return node.kind == Node::Kind::object ? problem_with_items(type, node) : must_be(type, node);
    default:
      return problem_with_plain(type, node);
  }
}

std::string starting_value(const ValueType& type) { return in_one_line(starting_json(type)); }

std::string starting_object(const ObjectType& object) {
  return in_one_line(starting_members(object));
}

std::string starting_value(const Member& member) {
  return member.fallback.empty() ? starting_value(member.value) : member.fallback;
}

}  // namespace cotenant
