// SPDX-License-Identifier: Apache-2.0
//
// Named things of a scenario.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cotenant {

// Named things in the order of the file: the order is the order in reports.
template <class Value>
using Named = std::vector<std::pair<std::string, Value>>;

template <class T>
std::vector<std::string_view> names_of(const Named<T>& entries) {
  std::vector<std::string_view> names;
  for (const auto& entry : entries) names.push_back(entry.first);
  return names;
}

// Null where there is none of that name.
template <class T>
const T* find_named(const Named<T>& entries, std::string_view name) {
  for (const auto& entry : entries) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

}  // namespace cotenant
