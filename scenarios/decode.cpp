// SPDX-License-Identifier: Apache-2.0
//
// The decoding visitor of the field table, and the order of work: parse, override, decode, check.
// One mistake should give one message: a mistyped key is not also reported as missing, and the
// members of an object whose kind is unknown are not judged.
#include "scenarios/decode.h"

#include <algorithm>
#include <initializer_list>
#include <type_traits>

#include "scenarios/check.h"
#include "scenarios/computers.h"
#include "scenarios/decoder.h"
#include "scenarios/document.h"
#include "scenarios/fields.h"

namespace cotenant {

namespace {

bool has(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Variant>
std::vector<std::string_view> alternative_names() {
  std::vector<std::string_view> names;
  alternatives(Of<Variant>(), [&](auto, std::string_view name) { names.push_back(name); });
  return names;
}

// Reads the members of one object.
class ObjectReader {
 public:
  ObjectReader(Decoder& decoder, const Node& node) : decoder_(decoder), node_(node) {}

  template <class T>
  void field(std::string_view key, T& member, const Field& field) {
    if (!has(known_, key)) known_.push_back(key);  // keyed() knows the first of an alternative
    if (const Node* child = node_.find(key)) {
      decoder_.read_member(key, *child, member, field);
    } else if (field.required) {
      missing_.push_back({key, expectation(Of<T>(), field)});
    }
  }

  void bound(std::string_view key, std::optional<double>& member, const std::string& metric,
             const Field&) {
    known_.push_back(key);
    const Node* child = node_.find(key);
    if (child != nullptr) decoder_.read_bound_member(key, *child, member, metric);
  }

  template <class Variant>
  void choice(std::string_view tag, Variant& variant, std::string_view fallback) {
    known_.push_back(tag);
    std::string name(fallback);
    const std::vector<std::string_view> names = alternative_names<Variant>();
    if (const Node* child = node_.find(tag)) {
      name.clear();
      decoder_.read_member(tag, *child, name, {.choices = names});
    } else if (fallback.empty()) {
      missing_.push_back({tag, either(names)});
    } else {
      note_ = " (without \"" + std::string(tag) + "\" this is " + name + ")";
    }
    members_unknown_ = name.empty();
    read_alternative(variant, name);
  }

  template <class Variant>
  void keyed(Variant& variant) {
    const std::vector<std::string_view> names = alternative_names<Variant>();
    known_.insert(known_.end(), names.begin(), names.end());
    needs_one_of_ = names;
    if (const std::string_view first = first_present(names); !first.empty()) {
      read_alternative(variant, first);
      at_most_one(names);
    }
  }

  void one_of(std::initializer_list<std::string_view> keys) {
    needs_one_of_ = keys;
    at_most_one(keys);
  }
  void at_most_one_of(std::initializer_list<std::string_view> keys) { at_most_one(keys); }

  // To be called after the table has named all keys.
  void finish() {
    if (!members_unknown_) report_unknown_keys();
    for (const Missing& missing : missing_) {
      decoder_.problem_at(missing.key, node_.position, "is required: " + missing.expected + note_,
                          missing.expected);
    }
    if (!needs_one_of_.empty() && !has_unknown_key_ && first_present(needs_one_of_).empty()) {
      decoder_.problem(node_.position, "needs one of the keys " + either(needs_one_of_),
                       either(needs_one_of_));
    }
  }

 private:
  struct Missing {
    std::string_view key;
    std::string expected;
  };

  template <class Variant>
  void read_alternative(Variant& variant, std::string_view wanted) {
    alternatives(Of<Variant>(), [&](auto of, std::string_view name) {
      if (name != wanted) return;
      using Alternative = typename decltype(of)::type;
      fields(*this, variant.template emplace<Alternative>());
    });
  }

  // In the order of the file.
  std::string_view first_present(const std::vector<std::string_view>& names) const {
    for (const Key& key : node_.keys) {
      if (has(names, key.text)) return key.text;
    }
    return "";
  }

  void at_most_one(const std::vector<std::string_view>& names) {
    const std::string_view first = first_present(names);
    for (const Key& key : node_.keys) {
      if (key.text == first || !has(names, key.text)) continue;
      decoder_.problem_at(key.text, key.position,
                          "excludes \"" + std::string(first) + "\", which is given too");
    }
  }

  void report_unknown_keys() {
    for (const Key& key : node_.keys) {
      if (has(known_, key.text)) continue;
      has_unknown_key_ = true;
      const std::string nearest = nearest_name(key.text, known_);
      std::erase_if(missing_, [&](const Missing& missing) { return missing.key == nearest; });
      std::string message = "unknown key " + in_quotes(key.text) + note_;
      if (nearest.empty()) message += "; the keys here are " + all_of(known_);
      decoder_.problem_at(key.text, key.position, std::move(message), either(known_), nearest);
    }
  }

  Decoder& decoder_;
  const Node& node_;
  std::vector<std::string_view> known_;
  std::vector<Missing> missing_;
  std::vector<std::string_view> needs_one_of_;
  std::string note_;  // why these keys are the known ones, if that is not obvious
  bool members_unknown_ = false;
  bool has_unknown_key_ = false;
};

// Reads the members of an array that stands for a struct.
class TupleReader {
 public:
  TupleReader(Decoder& decoder, const Node& node) : decoder_(decoder), node_(node) {}

  template <class T>
  void field(std::string_view, T& member, const Field& field) {
    decoder_.read_member(std::to_string(next_), node_.items[next_], member, field);
    ++next_;
  }

 private:
  Decoder& decoder_;
  const Node& node_;
  std::size_t next_ = 0;
};

// Lists the members of a tuple: "[at, rate]".
class TupleNames {
 public:
  template <class T>
  void field(std::string_view key, T&, const Field&) {
    text_ += (count_++ == 0 ? "" : ", ") + std::string(key);
  }
  std::size_t count() const { return count_; }
  std::string text() const { return "an array [" + text_ + "]"; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace

template <class T>
void Decoder::read(const Node& node, std::optional<T>& value, const Field& field) {
  if (!field.word.empty() && node.kind == Node::Kind::string) {
    if (node.text == field.word) {
      value.reset();
      return;
    }
    const std::string nearest = nearest_name(node.text, {field.word});
    if (!nearest.empty()) {
      return must_be(node, expectation(Of<std::optional<T>>(), field), describe(node), nearest);
    }
  }
  read(node, value.emplace(), field);
}

template <class T>
void Decoder::read(const Node& node, std::vector<T>& values, const Field& field) {
  const std::string expected = expected_array(field);
  if (node.kind != Node::Kind::array) return must_be(node, expected, describe(node));
  if (!has_size(node, field, expected)) return;
  values.clear();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    read_member(std::to_string(i), node.items[i], values.emplace_back(), field_of_items(field));
  }
}

template <class T>
void Decoder::read(const Node& node, Named<T>& entries, const Field& field) {
  const std::string expected = expected_entries(field);
  if (node.kind != Node::Kind::object) return must_be(node, expected, describe(node));
  if (!has_size(node, field, expected)) return;
  entries.clear();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!is_entry_name(node, i, field)) continue;
    entries.emplace_back(node.keys[i].text, T());
    read_member(node.keys[i].text, node.items[i], entries.back().second, {});
  }
}

template <class T>
void Decoder::read_object(const Node& node, T& value) {
  ObjectReader reader(*this, node);
  fields(reader, value);
  reader.finish();
}

template <class T>
void Decoder::read_tuple(const Node& node, T& value) {
  TupleNames names;
  fields(names, value);
  if (node.kind != Node::Kind::array || node.items.size() != names.count()) {
    const std::string size = std::to_string(node.items.size());
    return must_be(node, names.text(),
                   node.kind == Node::Kind::array ? "an array of " + size : describe(node));
  }
  TupleReader reader(*this, node);
  fields(reader, value);
}

template <Structure T>
void Decoder::read(const Node& node, T& value, const Field& field) {
  if constexpr (kIsTuple<T>) {
    read_tuple(node, value);
  } else {
    if (node.kind == Node::Kind::object) return read_object(node, value);
    if constexpr (HasShortForm<T>) {
      if (node.kind == Node::Kind::string || node.kind == Node::Kind::number) {
        typename ShortForm<T>::Value plain{};
        const std::size_t problems = diagnostics_.size() + diagnostics_.left_out();
        read(node, plain, ShortForm<T>::kField);
        const bool good = diagnostics_.size() + diagnostics_.left_out() == problems;
        if (good) ShortForm<T>::set(value, plain);
        return;
      }
    }
    must_be(node, expectation(Of<T>(), field), describe(node));
  }
}

namespace {

void add_plans(Scenario& scenario, const Catalog& catalog) {
  for (const auto& [name, setup] : scenario.setups) {
    for_each_hosting(setup, [&](const std::string&, const Hosting& hosting) {
      if (find_named(scenario.plans, hosting.plan) != nullptr) return;
      const Plan* plan = find_named(catalog.plans, hosting.plan);
      if (plan != nullptr) scenario.plans.emplace_back(hosting.plan, *plan);
    });
  }
}

}  // namespace

Checked<Scenario> decode(std::string_view text, const std::vector<Override>& overrides,
                         const Catalog& catalog) {
  Diagnostics diagnostics;
  std::optional<Node> root = parse_document(text, diagnostics);
  if (!root) return diagnostics;
  for (const Override& override_ : overrides) apply(override_, *root, diagnostics);
  Scenario scenario;
  Decoder(diagnostics).read(*root, scenario, {});
  add_plans(scenario, catalog);
  check(scenario, *root, catalog, diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  return scenario;
}

namespace {

// A file beside scenarios, without references to anything else.
template <class File>
Checked<File> decode_file(std::string_view text) {
  Diagnostics diagnostics;
  const std::optional<Node> root = parse_document(text, diagnostics);
  if (!root) return diagnostics;
  File file;
  Decoder(diagnostics).read(*root, file, {});
  check(file, *root, diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  return file;
}

}  // namespace

Checked<Catalog> decode_catalog(std::string_view text) { return decode_file<Catalog>(text); }

Checked<ParameterSet> decode_parameters(std::string_view text) {
  return decode_file<ParameterSet>(text);
}

}  // namespace cotenant
