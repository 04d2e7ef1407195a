// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary of the field table (fields.h): what the table says about one member of a scenario
// struct, and what a visitor of the table looks like. Decoder, encoder, JSON Schema writer and
// reference writer are visitors; none of them knows a key that is not in the table.
//
// For a struct T the table has `fields(visitor, value)`, which calls, once per member and in file
// order,
//   visitor.field(key, member, Field)           a member with a key of its own
//   visitor.bound(key, member, metric, Field)   a bound in the unit of the metric named
//   visitor.choice(tag, variant, fallback)      a tagged variant; its members lie in the same
//   object,
//                                               without tag it is the fallback ("": the tag is
//                                               required)
//   visitor.keyed(variant)                      a variant recognized by the key that is present
//   visitor.one_of(keys), visitor.at_most_one_of(keys)
// and for a variant `alternatives(Of<Variant>, visit)`, which calls visit(Of<A>, name) for each A.
// Defaults are not repeated: they are the in-class initializers of scenarios/scenario.h.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include "sim/base/units.h"

namespace cotenant {

// A type as a value.
template <class T>
struct Of {
  using type = T;
};

// T or const T: a table entry serves readers and writers.
template <class A, class B>
concept Same = std::same_as<std::remove_const_t<A>, B>;

// Allowed values of an integer or of the count of a Duration, CpuTime or Bytes, both ends included.
struct Whole {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

template <class Tag>
constexpr Whole between(Amount<Tag> low, Amount<Tag> high) {
  return {low.count(), high.count()};
}

// Allowed values of a real number or a rate (per second).
struct Real {
  double low = std::numeric_limits<double>::lowest();
  double high = std::numeric_limits<double>::max();
  bool low_excluded = false;
  bool high_excluded = false;
};

struct Field {
  std::string_view help{};  // one sentence
  bool required = false;
  Whole whole{};
  Real real{};
  // Elements of an array or entries of an object.
  std::size_t min_items = 0;
  std::size_t max_items = 200;
  std::span<const std::string_view> choices{};  // the only texts allowed, also in an array
  std::string_view word{};        // for an optional member: the text that means "not set"
  std::string_view absent{};      // what an optional or empty member means: "no limit"
  bool written = false;           // even where it has its default
  bool multiline = false;         // a text that may have line breaks and may be empty
  std::string_view references{};  // entries bear the names of these things ("services")
  std::string_view source{};      // of the default, where scenarios/software.h does not say it
};

// Of the elements of an array.
constexpr Field field_of_items(const Field& field) { return {.choices = field.choices}; }

// What the reference says about a struct, and its name in the JSON Schema.
struct Title {
  std::string_view name;
  std::string_view help;
};

// Specialized by the table for every struct that is written as an object or an array.
template <class T>
inline constexpr Title kTitle{};

template <class T>
concept Structure = !kTitle<std::remove_const_t<T>>.name.empty();

// Written as an array of its members, in their order, instead of an object.
template <class T>
inline constexpr bool kIsTuple = false;

// A struct that may be written as one plain value instead of an object, specialized by the table
// with `Value`, `kField`, `get` (nullptr when the object is needed) and `set`.
template <class T>
struct ShortForm;

template <class T>
concept HasShortForm = requires {
  typename ShortForm<T>::Value;
};

// Names are used as the parts of dotted paths (--set setups.vps.machine.cores=2) and shown in
// tables.
inline constexpr std::string_view kNamePattern = R"(^[^ ./]([^./]*[^ ./])?$)";

}  // namespace cotenant
