// SPDX-License-Identifier: Apache-2.0
//
// Stamps and durations of logs, as nanoseconds: digits only, no clock, no locale and no floating
// point. Every function says nothing where the text is not what it reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cotenant {

struct LogStamp {
  std::int64_t ns = 0;    // since 1970-01-01T00:00:00Z
  std::int32_t zone = 0;  // minutes east of Greenwich, as the text says
  friend bool operator==(const LogStamp&, const LogStamp&) = default;
};

// "10/Oct/2000:13:55:36 -0700": exactly these 26 bytes.
inline constexpr std::size_t kClockLength = 26;
std::optional<LogStamp> parse_clock(std::string_view text);

// "2000-10-10T13:55:36-07:00", also with a fraction or "Z".
std::optional<LogStamp> parse_iso8601(std::string_view text);

// "12.345" of a unit of so many nanoseconds; digits beyond the nanosecond are cut. Nothing for more
// than 292 years.
std::optional<std::int64_t> parse_decimal(std::string_view text, std::int64_t unit);

std::optional<std::int64_t> parse_whole(std::string_view text);

// "2000-10-10T20:55:36Z", to the second.
std::string utc_text(std::int64_t ns);

}  // namespace cotenant
