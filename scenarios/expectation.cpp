// SPDX-License-Identifier: Apache-2.0
//
// The words for ranges and choices.
#include "scenarios/expectation.h"

#include <fmt/format.h>

#include <limits>

#include "scenarios/quantity.h"

namespace cotenant {

namespace {

template <class Value>
std::string in_range(std::string_view noun, Value low, Value high) {
  return fmt::format("{} from {} to {}", noun, to_text(low), to_text(high));
}

template <class Quantity>
std::string amount(std::string_view noun, const Field& field) {
  return in_range(noun, Quantity(field.whole.low), Quantity(field.whole.high));
}

std::string joined(const std::vector<std::string_view>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last : ", ";
    text += fmt::format("\"{}\"", names[i]);
  }
  return text;
}

}  // namespace

std::string expectation(Of<std::int64_t>, const Field& field) {
  const auto [low, high] = field.whole;
  if (low == high) return fmt::format("{}", low);
  return fmt::format("a whole number from {} to {}", low, high);
}
std::string expectation(Of<std::uint64_t>, const Field& field) {
  return expectation(Of<std::int64_t>(), field);
}

std::string expectation(Of<double>, const Field& field) {
  const Real& real = field.real;
  if (real.high == std::numeric_limits<double>::max()) {
    return fmt::format("a number {} {}", real.low_excluded ? "above" : "of at least",
                       to_text(real.low));
  }
  if (!real.low_excluded && !real.high_excluded) return in_range("a number", real.low, real.high);
  return fmt::format("a number {} {} and {} {}", real.low_excluded ? "above" : "of at least",
                     to_text(real.low), real.high_excluded ? "below" : "at most",
                     to_text(real.high));
}

std::string expectation(Of<bool>, const Field&) { return "true or false"; }

std::string expectation(Of<std::string>, const Field& field) {
  if (field.choices.empty()) return field.multiline ? "a text" : "a text that is not empty";
  return either({field.choices.begin(), field.choices.end()});
}

std::string expectation(Of<Duration>, const Field& field) {
  return amount<Duration>("a duration", field);
}
std::string expectation(Of<CpuTime>, const Field& field) {
  return amount<CpuTime>("a CPU time", field);
}
std::string expectation(Of<Bytes>, const Field& field) { return amount<Bytes>("a size", field); }
std::string expectation(Of<Rate>, const Field& field) {
  return in_range("a rate", Rate{field.real.low}, Rate{field.real.high});
}
std::string expectation(Of<LinkSpeed>, const Field& field) {
  return in_range("a speed", LinkSpeed{field.whole.low}, LinkSpeed{field.whole.high});
}
std::string expectation(Of<Money>, const Field&) {
  return "a price such as \"$6/month\" or \"€4.51/month\"";
}

std::string expectation(Of<CpuList>, const Field&) { return "a list of cores such as \"0-3,5\""; }

std::string expected_array(const Field& field) {
  if (field.min_items == 0) return fmt::format("an array of at most {} items", field.max_items);
  return fmt::format("an array of {} to {} items", field.min_items, field.max_items);
}
std::string expected_entries(const Field& field) {
  if (field.min_items == 0) return fmt::format("an object of at most {} entries", field.max_items);
  return fmt::format("an object of {} to {} entries", field.min_items, field.max_items);
}

std::string either(const std::vector<std::string_view>& names) { return joined(names, " or "); }
std::string all_of(const std::vector<std::string_view>& names) { return joined(names, " and "); }

}  // namespace cotenant
