// SPDX-License-Identifier: Apache-2.0
//
// Catalogs of hosting plans: files of their own, beside scenarios, because prices change faster
// than applications. Those of scenarios/catalog/ are compiled into the program. A scenario carries
// the plans that it uses (Scenario::plans), so nothing below decode() knows catalogs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/named.h"
#include "scenarios/scenario_plan.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

inline constexpr std::int64_t kCatalogFormat = 1;

struct Catalog {
  std::string schema;  // key "$schema"; ignored
  std::int64_t format = kCatalogFormat;
  std::string description;
  Named<Plan> plans;
  friend bool operator==(const Catalog&, const Catalog&) = default;
};

// Everything that is wrong with the text, or the catalog. Never throws for bad input.
Checked<Catalog> decode_catalog(std::string_view text);

// In canonical form: decode_catalog(encode(c)) equals c.
std::string encode(const Catalog& catalog);

// All plans that ship with the program.
const Catalog& shipped_catalog();

// Plans of `first` hide those of `second` that have the same name.
Catalog merged(Catalog first, const Catalog& second);

// Days since 1970-01-01 of a date such as 2026-05-27 or 2026-05 (then its first day); nothing for
// any other text.
std::optional<std::int64_t> days_of(std::string_view date);

}  // namespace cotenant
