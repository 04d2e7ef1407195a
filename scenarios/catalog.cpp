// SPDX-License-Identifier: Apache-2.0
//
// See the header; decode_catalog() is in decode.cpp, beside the other user of its templates.
#include "scenarios/catalog.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "scenarios/shipped_catalogs.h"
#include "sim/base/assert.h"

namespace cotenant {

namespace {

// A number of exactly so many digits.
std::optional<int> digits(std::string_view text, std::size_t count) {
  int value = 0;
  if (text.size() != count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc() || end != text.data() + count || value < 0) return std::nullopt;
  return value;
}

Catalog parse_shipped() {
  Catalog all;
  for (const std::string_view text : kShippedCatalogs) {
    const Checked<Catalog> catalog = decode_catalog(text);
    COTENANT_ASSERT(catalog.ok());
    all = merged(std::move(all), *catalog);
  }
  return all;
}

}  // namespace

const Catalog& shipped_catalog() {
  static const Catalog kCatalog = parse_shipped();
  return kCatalog;
}

Catalog merged(Catalog first, const Catalog& second) {
  for (const auto& [name, plan] : second.plans) {
    if (find_named(first.plans, name) == nullptr) first.plans.emplace_back(name, plan);
  }
  return first;
}

std::optional<std::int64_t> days_of(std::string_view date) {
  if (date.size() != 7 && date.size() != 10) return std::nullopt;
  if (date[4] != '-' || (date.size() == 10 && date[7] != '-')) return std::nullopt;
  const std::optional<int> year = digits(date.substr(0, 4), 4);
  const std::optional<int> month = digits(date.substr(5, 2), 2);
  const std::optional<int> day = date.size() == 10 ? digits(date.substr(8), 2) : 1;
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day whole{std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day))};
  if (!whole.ok()) return std::nullopt;
  return std::chrono::sys_days(whole).time_since_epoch().count();
}

}  // namespace cotenant
