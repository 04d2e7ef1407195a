// SPDX-License-Identifier: Apache-2.0
#include "scenarios/encoder.h"

#include <cmath>
#include <utility>

namespace cotenant {

OrderedJson number_json(double number) {
  // 2^53: whole numbers up to there are exact in a double and look better without ".0".
  constexpr double kExact = 9007199254740992.0;
  if (number == std::floor(number) && number >= -kExact && number <= kExact) {
    return static_cast<std::int64_t>(number);
  }
  return number;
}

OrderedJson bound_json(double bound, std::string_view metric) {
  const std::optional<Metric> known = metric_named(metric);
  if (known && info(*known).unit == MetricUnit::seconds) {
    return to_text(Duration(static_cast<std::int64_t>(std::floor(bound * 1e9 + 0.5))));
  }
  if (known && info(*known).unit == MetricUnit::per_second) return to_text(Rate{bound});
  if (known && info(*known).unit == MetricUnit::bytes) {
    return to_text(Bytes(static_cast<std::int64_t>(bound)));
  }
  return number_json(bound);
}

OrderedJson plain_json(std::string_view text) { return text; }
OrderedJson plain_json(std::int64_t number) { return number; }
OrderedJson plain_json(std::uint64_t number) { return number; }
OrderedJson plain_json(bool value) { return value; }

bool ObjectWriter::is_default(std::string_view key, const OrderedJson& value) const {
  const auto at = unwritten_->find(std::string(key));
  return at != unwritten_->end() && *at == value;
}

void ObjectWriter::put(std::string_view key, OrderedJson value) {
  out_[std::string(key)] = std::move(value);
}

}  // namespace cotenant
