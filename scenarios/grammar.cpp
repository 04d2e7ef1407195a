// SPDX-License-Identifier: Apache-2.0
//
// The visitor of the field table that describes it.
#include "scenarios/grammar.h"

#include <initializer_list>
#include <type_traits>

#include "scenarios/encoder.h"
#include "scenarios/expectation.h"

namespace cotenant {

namespace {

using Kind = ValueType::Kind;
using Family = ValueType::Family;

template <class T>
constexpr Family family_of() {
  if constexpr (std::is_same_v<T, CpuTime>) return Family::cpu_time;
  if constexpr (std::is_same_v<T, Bytes>) return Family::bytes;
  if constexpr (std::is_same_v<T, Rate>) return Family::rate;
  if constexpr (std::is_same_v<T, LinkSpeed>) return Family::link_speed;
  if constexpr (std::is_same_v<T, Money>) return Family::money;
  if constexpr (std::is_same_v<T, CpuList>) return Family::cpu_list;
  return Family::duration;
}

ValueType plain_type(Kind kind, std::string expected, const Field& field) {
  ValueType type;
  type.kind = field.choices.empty() ? kind : Kind::choice;
  type.whole = field.whole;
  type.real = field.real;
  type.multiline = field.multiline;
  type.choices.assign(field.choices.begin(), field.choices.end());
  type.expected = std::move(expected);
  return type;
}

ValueType container_type(Kind kind, ValueType item, std::string expected, const Field& field) {
  ValueType type;
  type.kind = kind;
  type.expected = std::move(expected);
  type.min_items = field.min_items;
  type.max_items = field.max_items;
  type.item = std::make_shared<const ValueType>(std::move(item));
  return type;
}

class GrammarWriter {
 public:
  explicit GrammarWriter(Grammar& grammar) : grammar_(grammar) {}

  template <class T>
  const ObjectType* object(Of<T>);

  template <class T>
  ValueType value(Of<T> of, const Field& field) {
    if constexpr (Structure<T>) {
      ValueType type;
      type.kind = kIsTuple<T> ? Kind::tuple : Kind::object;
      type.expected = expectation(of, field);
      type.object = object(of);
      return type;
    } else {
      ValueType type = plain_type(kind_of<T>(), expectation(of, field), field);
      type.family = family_of<T>();
      return type;
    }
  }
  template <class T>
  ValueType value(Of<std::optional<T>> of, const Field& field) {
    ValueType type = value(Of<T>(), field);
    type.word = field.word;
    type.expected = expectation(of, field);
    return type;
  }
  template <class T>
  ValueType value(Of<std::vector<T>>, const Field& field) {
    return container_type(Kind::list, value(Of<T>(), field_of_items(field)), expected_array(field),
                          field);
  }
  template <class T>
  ValueType value(Of<Named<T>>, const Field& field) {
    return container_type(Kind::table, value(Of<T>(), {}), expected_entries(field), field);
  }

 private:
  template <class T>
  static constexpr Kind kind_of() {
    if constexpr (std::is_same_v<T, bool>) return Kind::truth;
    if constexpr (std::is_same_v<T, std::string>) return Kind::text;
    if constexpr (std::is_same_v<T, double>) return Kind::real;
    if constexpr (std::is_integral_v<T>) return Kind::whole;
    return Kind::quantity;
  }

  Grammar& grammar_;
};

// Without its value.
Member described_member(std::string_view key, const Field& field) {
  Member member{std::string(key)};
  member.help = field.help;
  member.required = field.required;
  member.absent = field.absent;
  member.source = field.source;
  member.references = field.references;
  return member;
}

// JSON of a default, unless that is as good as nothing.
std::string default_json(const OrderedJson& json) {
  const bool nothing = (json.is_string() && json.get<std::string>().empty()) ||
                       (json.is_structured() && json.empty());
  return nothing ? "" : json.dump();
}

// Collects the members of one struct.
class MemberWriter {
 public:
  MemberWriter(GrammarWriter& grammar, ObjectType& object) : grammar_(grammar), object_(object) {}

  template <class T>
  void field(std::string_view key, const T& plain, const Field& field) {
    Member member = described_member(key, field);
    member.value = grammar_.value(Of<T>(), field);
    if (!field.required && field.absent.empty()) {
      member.fallback = default_json(to_json(plain, field, Defaults::omitted));
    }
    object_.members.push_back(std::move(member));
  }
  void bound(std::string_view key, const std::optional<double>&, const std::string&,
             const Field& field) {
    Member member = described_member(key, field);
    member.value.kind = Kind::bound;
    member.value.expected = "a duration, a rate, a size or a number, as the metric is";
    object_.members.push_back(std::move(member));
  }

  template <class Variant>
  void choice(std::string_view tag, const Variant& variant, std::string_view fallback) {
    Member member{std::string(tag)};
    member.help = "Which of these it is.";
    member.value.kind = Kind::choice;
    member.required = fallback.empty();
    if (!fallback.empty()) member.fallback = plain_json(fallback).dump();
    object_.members.push_back(std::move(member));
    keyed(variant);
    object_.choice->tag = tag;
    object_.choice->fallback = fallback;
    ValueType& value = object_.members.back().value;
    std::vector<std::string_view> names;
    for (const Choice::Alternative& alternative : object_.choice->alternatives) {
      value.choices.push_back(alternative.name);
      names.push_back(alternative.name);
    }
    value.expected = either(names);
  }
  template <class Variant>
  void keyed(const Variant&) {
    Choice choice;
    choice.place = object_.members.size();
    alternatives(Of<Variant>(), [&](auto of, std::string_view name) {
      choice.alternatives.push_back({std::string(name), grammar_.object(of)});
    });
    object_.choice = std::move(choice);
  }

  void one_of(std::initializer_list<std::string_view> keys) {
    object_.one_of.emplace_back(keys.begin(), keys.end());
  }
  void at_most_one_of(std::initializer_list<std::string_view> keys) {
    object_.at_most_one_of.emplace_back(keys.begin(), keys.end());
  }

 private:
  GrammarWriter& grammar_;
  ObjectType& object_;
};

template <class T>
const ObjectType* GrammarWriter::object(Of<T>) {
  const std::string name(kTitle<T>.name);
  // Entered before its members, which may contain it.
  const auto [place, is_new] = grammar_.objects.try_emplace(name);
  ObjectType& object = place->second;
  if (!is_new) return &object;
  object.name = name;
  object.help = kTitle<T>.help;
  object.tuple = kIsTuple<T>;
  MemberWriter members(*this, object);
  const T plain{};
  fields(members, plain);
  if constexpr (HasShortForm<T>) {
    using Form = ShortForm<T>;
    object.brief =
        std::make_shared<const ValueType>(value(Of<typename Form::Value>(), Form::kField));
  }
  return &object;
}

Grammar make_grammar() {
  Grammar grammar;
  grammar.root = GrammarWriter(grammar).value(Of<Scenario>(), {});
  return grammar;
}

}  // namespace

const Grammar& scenario_grammar() {
  static const Grammar grammar = make_grammar();  // moving a map leaves its nodes in their places
  return grammar;
}

}  // namespace cotenant
