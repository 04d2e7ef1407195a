// SPDX-License-Identifier: Apache-2.0
//
// What a field admits, in words: "a whole number from 1 to 4096". The same words in error messages
// ("must be …, got …"), in the JSON Schema's descriptions and in the reference.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/field.h"
#include "scenarios/scenario.h"

namespace cotenant {

std::string expectation(Of<std::int64_t>, const Field& field);
std::string expectation(Of<std::uint64_t>, const Field& field);
std::string expectation(Of<double>, const Field& field);
std::string expectation(Of<bool>, const Field& field);
std::string expectation(Of<std::string>, const Field& field);
std::string expectation(Of<Duration>, const Field& field);
std::string expectation(Of<CpuTime>, const Field& field);
std::string expectation(Of<Bytes>, const Field& field);
std::string expectation(Of<Rate>, const Field& field);
std::string expectation(Of<LinkSpeed>, const Field& field);
std::string expectation(Of<Money>, const Field& field);
std::string expectation(Of<CpuList>, const Field& field);

// Of things with members or elements: "an object", "an array of 1 to 1000 items".
std::string expected_array(const Field& field);
std::string expected_entries(const Field& field);

// `"a", "b" or "c"`.
std::string either(const std::vector<std::string_view>& names);
// `"a", "b" and "c"`.
std::string all_of(const std::vector<std::string_view>& names);

template <class T>
std::string expectation(Of<std::vector<T>>, const Field& field) {
  return expected_array(field);
}
template <class T>
std::string expectation(Of<Named<T>>, const Field& field) {
  return expected_entries(field);
}
template <Structure T>
std::string expectation(Of<T>, const Field&) {
  if constexpr (HasShortForm<T>) {
    return expectation(Of<typename ShortForm<T>::Value>(), ShortForm<T>::kField) + " or an object";
  } else {
    return kIsTuple<T> ? "an array" : "an object";
  }
}
template <class T>
std::string expectation(Of<std::optional<T>>, const Field& field) {
  if (field.word.empty()) return expectation(Of<T>(), field);
  return '"' + std::string(field.word) + "\" or " + expectation(Of<T>(), field);
}

}  // namespace cotenant
