// SPDX-License-Identifier: Apache-2.0
//
// Parts of CSV (RFC 4180).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "study/writers/format.h"

namespace cotenant {

// Quoted where RFC 4180 asks for it.
inline std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// Empty: there is none.
inline std::string csv_number(const std::optional<double>& value) {
  return value ? shortest(*value) : "";
}

}  // namespace cotenant
