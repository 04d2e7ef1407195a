// SPDX-License-Identifier: Apache-2.0
//
// Prices change. Whether one is so old that whoever reads it should be warned.
#pragma once

#include <cstdint>
#include <string_view>

#include "scenarios/catalog.h"

namespace cotenant {

// In 2026 alone one provider changed its prices three times (the notes of its plans).
inline constexpr std::int64_t kOldPriceDays = 180;

// `today` in days since 1970-01-01. A date that is not one is of unknown age, which is old.
inline bool is_old(std::string_view as_of, std::int64_t today) {
  const std::optional<std::int64_t> day = days_of(as_of);
  return !day || today - *day > kOldPriceDays;
}

}  // namespace cotenant
