// SPDX-License-Identifier: Apache-2.0
//
// The encoding visitor of the field table: typed members to JSON values. Shared by encode.cpp and
// by the writers of schema and reference, which show defaults. Not part of any public interface.
// What does not depend on a type is in encoder.cpp: the table has a thousand members.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "scenarios/fields.h"
#include "scenarios/metric.h"
#include "scenarios/quantity.h"

namespace cotenant {

using OrderedJson = nlohmann::ordered_json;

// Whether members that have their default are written.
enum class Defaults { omitted, shown };

template <class T>
OrderedJson to_json(const T& value, const Field& field, Defaults defaults);

// A whole number without ".0", as long as a double tells whole numbers apart.
OrderedJson number_json(double number);
OrderedJson bound_json(double bound, std::string_view metric);
OrderedJson plain_json(std::string_view text);
OrderedJson plain_json(std::int64_t number);
OrderedJson plain_json(std::uint64_t number);
OrderedJson plain_json(bool value);

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// A list or a table without entries.
template <class T>
bool has_no_items(const T& member) {
  if constexpr (requires { member.begin(); }) return member.empty();
  return false;
}

// Writes the members of one struct into a JSON object.
class ObjectWriter {
 public:
  // `unwritten` is the struct with its defaults as an object; what equals it is left out.
  ObjectWriter(OrderedJson& out, const OrderedJson* unwritten) : out_(out), unwritten_(unwritten) {}

  template <class T>
  void field(std::string_view key, const T& member, const Field& field) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (member.empty() && !field.multiline) return;  // an empty reference or path: not given
    }
    if constexpr (kIsOptional<T>) {
      if (!member && field.word.empty()) return;
    }
    if (field.min_items > 0 && has_no_items(member)) return;  // so many: not given
    if (unwritten_ != nullptr && !field.required && !field.written) {
      if (is_default(key, to_json(member, field, Defaults::shown))) return;
    }
    put(key, to_json(member, field, mode()));
  }

  void bound(std::string_view key, const std::optional<double>& member, const std::string& metric,
             const Field&) {
    if (member) put(key, bound_json(*member, metric));
  }

  template <class Variant>
  void choice(std::string_view tag, const Variant& variant, std::string_view fallback) {
    write_alternative(variant, [&](std::string_view name) {
      const bool tagless = unwritten_ != nullptr && name == fallback;
      if (!tagless) put(tag, plain_json(name));
    });
  }
  template <class Variant>
  void keyed(const Variant& variant) {
    write_alternative(variant, [](std::string_view) {});
  }

  void one_of(std::initializer_list<std::string_view>) {}
  void at_most_one_of(std::initializer_list<std::string_view>) {}

 private:
  Defaults mode() const { return unwritten_ == nullptr ? Defaults::shown : Defaults::omitted; }

  bool is_default(std::string_view key, const OrderedJson& value) const;
  void put(std::string_view key, OrderedJson value);

  template <class Variant, class WriteTag>
  void write_alternative(const Variant& variant, WriteTag write_tag) {
    alternatives(Of<Variant>(), [&](auto of, std::string_view name) {
      using Alternative = typename decltype(of)::type;
      const auto* value = std::get_if<Alternative>(&variant);
      if (value == nullptr) return;
      write_tag(name);
      if (unwritten_ == nullptr) return fields(*this, *value);
      const OrderedJson plain = to_json(Alternative(), {}, Defaults::shown);
      ObjectWriter writer(out_, &plain);
      fields(writer, *value);
    });
  }

  OrderedJson& out_;
  const OrderedJson* unwritten_;
};

// Writes the members of a struct as elements of an array.
class TupleWriter {
 public:
  explicit TupleWriter(OrderedJson& out) : out_(out) {}

  template <class T>
  void field(std::string_view, const T& member, const Field& field) {
    out_.push_back(to_json(member, field, Defaults::shown));
  }

 private:
  OrderedJson& out_;
};

template <Structure T>
OrderedJson structure_json(const T& value, Defaults defaults) {
  if constexpr (kIsTuple<T>) {
    OrderedJson out = OrderedJson::array();
    TupleWriter writer(out);
    fields(writer, value);
    return out;
  } else {
    if constexpr (HasShortForm<T>) {
      if (const auto* plain = ShortForm<T>::get(value)) {
        return to_json(*plain, ShortForm<T>::kField, defaults);
      }
    }
    OrderedJson out = OrderedJson::object();
    if (defaults == Defaults::shown) {
      ObjectWriter writer(out, nullptr);
      fields(writer, value);
    } else {
      OrderedJson unwritten = OrderedJson::object();
      ObjectWriter default_writer(unwritten, nullptr);
      const T plain{};
      fields(default_writer, plain);
      ObjectWriter writer(out, &unwritten);
      fields(writer, value);
    }
    return out;
  }
}

template <class T>
struct JsonOf {
  static OrderedJson make(const T& value, const Field&, Defaults defaults) {
    if constexpr (Structure<T>) {
      return structure_json(value, defaults);
    } else if constexpr (std::is_same_v<T, double>) {
      return number_json(value);
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
      return plain_json(value);
    } else if constexpr (std::is_signed_v<T>) {
      return plain_json(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_unsigned_v<T>) {
      return plain_json(static_cast<std::uint64_t>(value));
    } else {
      return plain_json(to_text(value));  // a quantity
    }
  }
};
template <class T>
struct JsonOf<std::optional<T>> {
  static OrderedJson make(const std::optional<T>& value, const Field& field, Defaults defaults) {
    return value ? to_json(*value, field, defaults) : OrderedJson(field.word);
  }
};
template <class T>
struct JsonOf<std::vector<T>> {
  static OrderedJson make(const std::vector<T>& values, const Field&, Defaults defaults) {
    OrderedJson out = OrderedJson::array();
    for (const T& value : values) out.push_back(to_json(value, {}, defaults));
    return out;
  }
};
template <class T>
struct JsonOf<Named<T>> {
  static OrderedJson make(const Named<T>& entries, const Field&, Defaults defaults) {
    OrderedJson out = OrderedJson::object();
    for (const auto& [name, value] : entries) out[name] = to_json(value, {}, defaults);
    return out;
  }
};

template <class T>
OrderedJson to_json(const T& value, const Field& field, Defaults defaults) {
  return JsonOf<T>::make(value, field, defaults);
}

}  // namespace cotenant
