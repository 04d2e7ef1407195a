// SPDX-License-Identifier: Apache-2.0
//
// The field table as a value, for faces that are made from it while the program runs: forms,
// outlines, search. What decoder and schema know at compile time is here in plain structs: objects
// by name, their members, what each admits and what its absence means. It says nothing of rules
// beyond single members; those are check_*.cpp's, and the diagnostics of decode() tell of them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/field.h"

namespace cotenant {

struct ObjectType;

// What a value may be.
struct ValueType {
  enum class Kind {
    truth,
    text,
    choice,    // one of `choices`
    whole,     // a number, `whole` its range
    real,      // a number, `real` its range
    quantity,  // a text with a unit of the `family`
    bound,     // a quantity or a number, as the member "metric" beside it says
    object,    // members by key: `object`
    tuple,     // members by place: `object`
    list,      // an array of `item`
    table,     // an object of `item` by names that the user chooses
  };
  enum class Family { duration, cpu_time, bytes, rate, link_speed, money, cpu_list };

  Kind kind = Kind::text;
  Family family = Family::duration;
  Whole whole{};
  Real real{};
  bool multiline = false;
  std::vector<std::string> choices{};
  std::string expected{};  // in words, as in messages: "a whole number from 1 to 4096"
  std::string word{};      // a text that stands for "not set"; may be empty
  std::size_t min_items = 0;
  std::size_t max_items = 0;
  const ObjectType* object = nullptr;
  std::shared_ptr<const ValueType> item{};
};

struct Member {
  std::string key;
  std::string help{};
  ValueType value{};
  bool required = false;
  std::string fallback{};    // JSON of the default; empty where there is none
  std::string absent{};      // what the absence means, in words; may be empty
  std::string source{};      // of the default; may be empty
  std::string references{};  // entries bear names of these things: "services"
};

// An object is one of several, told apart by the member `tag`, or by the key that is present.
struct Choice {
  struct Alternative {
    std::string name;  // of the tag, or its first key
    const ObjectType* object = nullptr;
  };

  std::string tag{};       // empty: keyed
  std::string fallback{};  // what it is without a tag; empty: the tag is required
  std::size_t place = 0;   // members of the object before those of the alternative
  std::vector<Alternative> alternatives{};
};

struct ObjectType {
  std::string name;
  std::string help;
  bool tuple = false;
  std::vector<Member> members{};             // the tag of the choice is one of them
  std::optional<Choice> choice{};            // at most one in the whole table
  std::shared_ptr<const ValueType> brief{};  // it may also be written as such a plain value
  std::vector<std::vector<std::string>> one_of{};
  std::vector<std::vector<std::string>> at_most_one_of{};
};

struct Grammar {
  // Found by name; their places in memory do not change.
  std::map<std::string, ObjectType, std::less<>> objects;
  ValueType root;
};

// Made once, when it is first asked for.
const Grammar& scenario_grammar();

// The alternative that an object of the document has chosen; null where it has not, or wrongly.
const Choice::Alternative* chosen(const ObjectType& object, const Node& node);

// The members that an object of the document may have: its own and those of the alternative chosen,
// in the order of the table. With a null node those of the fallback.
std::vector<const Member*> members_of(const ObjectType& object, const Node* node);

// What the grammar says of a place in a document, whether or not anything is written there.
struct DocumentPlace {
  const ObjectType* owner = nullptr;  // the object or tuple that has the member
  const Member* member = nullptr;     // null for the whole document
  const ValueType* value = nullptr;   // of the member, or of one of its items or entries
  const Node* node = nullptr;         // null where the document has nothing
};
// Nothing where the grammar knows no such place.
std::optional<DocumentPlace> place_at(const Grammar& grammar, const Node& root,
                                      std::string_view pointer);

// What is wrong with one value by itself, a clause such as "must be …, got 7"; empty when it fits.
// Members and items are looked at, too.
std::string problem_with(const ValueType& type, const Node& node);

// JSON of the simplest value that fits: required members only, example quantities. The user goes on
// from there.
std::string starting_value(const Member& member);
std::string starting_value(const ValueType& type);
// An object even where a plain value would do.
std::string starting_object(const ObjectType& object);

}  // namespace cotenant
