// SPDX-License-Identifier: Apache-2.0
//
// The texts of scenarios/catalog/*.json. The array is written by CMake.
#pragma once

#include <span>
#include <string_view>

namespace cotenant {

extern const std::span<const std::string_view> kShippedCatalogs;

}  // namespace cotenant
