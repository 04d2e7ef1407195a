// SPDX-License-Identifier: Apache-2.0
//
// The lines are at most 100 columns wide, as in the sources.
#include "scenarios/pretty.h"

#include <nlohmann/json.hpp>

namespace cotenant {

namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;

std::string scalar(const OrderedJson& json) {
  // Text that is not UTF-8 can only come from a program, not from a file; it must not throw here.
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

// `used`: columns of this line that are taken before and after.
std::string broken(const OrderedJson& json, std::size_t indent, std::size_t used) {
  const std::string line = in_one_line(json);
  const bool top = indent == 0 && used == 0;
  if (!json.is_structured() || (!top && used + line.size() <= kWidth)) return line;
  const std::string margin(indent + 2, ' ');
  std::string text = json.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    const std::string name = json.is_object() ? scalar(key) + ": " : "";
    text += margin + name + broken(value, indent + 2, indent + 2 + name.size() + 1);
  }
  return text + '\n' + std::string(indent, ' ') + (json.is_object() ? '}' : ']');
}

}  // namespace

std::string in_one_line(const OrderedJson& json) {
  if (!json.is_structured()) return scalar(json);
  if (json.empty()) return json.is_object() ? "{}" : "[]";
  std::string text = json.is_object() ? "{ " : "[";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!first) text += ", ";
    first = false;
    if (json.is_object()) text += scalar(key) + ": ";
    text += in_one_line(value);
  }
  return text + (json.is_object() ? " }" : "]");
}

std::string pretty(const OrderedJson& json) { return broken(json, 0, 0) + '\n'; }

}  // namespace cotenant
