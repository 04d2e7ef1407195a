// SPDX-License-Identifier: Apache-2.0
#include "validation/import/log_time.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/units.h"

namespace cotenant {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The whole number that the text begins with, or -1 for none or one of more than 18 digits; moves
// `end` behind it.
std::int64_t leading(std::string_view text, std::size_t& end) {
  constexpr std::size_t kMostDigits = 18;
  std::int64_t value = 0;
  const std::size_t most = std::min(text.size(), kMostDigits);
  for (; end < most && is_digit(text[end]); ++end) value = value * 10 + (text[end] - '0');
  return end == 0 || (end < text.size() && is_digit(text[end])) ? -1 : value;
}

// So many digits at a place, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Days since 1970-01-01 of the Gregorian calendar (H. Hinnant, days_from_civil).
std::int64_t days(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = y / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct Civil {
  int year = -1, month = -1, day = -1, hour = -1, minute = -1, second = -1;
};

// A leap second is written as 60. Years from 1970 to 2200 fit into the nanoseconds.
bool is_valid(const Civil& c) {
  return c.year >= 1970 && c.year <= 2200 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
         c.day <= 31 && c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 &&
         c.second >= 0 && c.second <= 60;
}

LogStamp stamp(const Civil& c, std::int32_t zone) {
  const std::int64_t seconds = days(c.year, c.month, c.day) * kSecondsPerDay + c.hour * 3600 +
                               c.minute * 60 + c.second - std::int64_t{zone} * 60;
  return {seconds * kSecond, zone};
}

// "-0700" or "-07:00".
std::optional<std::int32_t> zone_of(std::string_view text) {
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::size_t minutes_at = text[3] == ':' ? 4 : 3;
  const int hours = digits(text, 1, 2), minutes = digits(text, minutes_at, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  if (text.size() != minutes_at + 2) return std::nullopt;
  const std::int32_t zone = hours * 60 + minutes;
  return text[0] == '-' ? -zone : zone;
}

int month_of(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t at = kMonths.find(name);
  return at == kMonths.npos || at % 3 != 0 ? -1 : static_cast<int>(at / 3) + 1;
}

}  // namespace

std::optional<LogStamp> parse_clock(std::string_view text) {
  if (text.size() != kClockLength || text[2] != '/' || text[6] != '/' || text[11] != ':' ||
      text[14] != ':' || text[17] != ':' || text[20] != ' ') {
    return std::nullopt;
  }
  const Civil civil = {digits(text, 7, 4),  month_of(text.substr(3, 3)), digits(text, 0, 2),
                       digits(text, 12, 2), digits(text, 15, 2),         digits(text, 18, 2)};
  const auto zone = zone_of(text.substr(21));
  if (!is_valid(civil) || !zone) return std::nullopt;
  return stamp(civil, *zone);
}

std::optional<LogStamp> parse_iso8601(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const Civil civil = {digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                       digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  std::size_t end = 19;
  std::int64_t fraction = 0;
  if (text[end] == '.') {
    while (++end < text.size() && is_digit(text[end])) {
    }
    const auto parsed = parse_decimal("0" + std::string(text.substr(19, end - 19)), kSecond);
    if (!parsed) return std::nullopt;
    fraction = *parsed;
  }
  const std::string_view rest = text.substr(end);
  const auto zone = rest == "Z" ? std::optional<std::int32_t>(0) : zone_of(rest);
  if (!is_valid(civil) || !zone) return std::nullopt;
  LogStamp result = stamp(civil, *zone);
  result.ns += fraction;
  return result;
}

std::optional<std::int64_t> parse_decimal(std::string_view text, std::int64_t unit) {
  std::size_t i = 0;
  std::int64_t value = leading(text, i);
  if (value < 0 || __builtin_mul_overflow(value, unit, &value)) return std::nullopt;
  if (i == text.size()) return value;
  if (text[i] != '.' || i + 1 == text.size()) return std::nullopt;
  // No unit is longer than 10^9 ns, so nine digits are all that count.
  constexpr std::size_t kDigits = 9;
  std::int64_t fraction = 0, scale = 1;
  const std::size_t begin = ++i;
  for (; i < text.size(); ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    if (i - begin >= kDigits) continue;
    fraction = fraction * 10 + (text[i] - '0');
    scale *= 10;
  }
  if (__builtin_mul_overflow(fraction, unit, &fraction)) return std::nullopt;
  if (__builtin_add_overflow(value, fraction / scale, &value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::size_t i = 0;
  const std::int64_t value = leading(text, i);
  return value >= 0 && i == text.size() ? std::optional(value) : std::nullopt;
}

std::string utc_text(std::int64_t ns) {
  const std::int64_t all = ns / kSecond;
  const std::int64_t day = all / kSecondsPerDay, second = all % kSecondsPerDay;
  // civil_from_days of the same author.
  const std::int64_t z = day + 719'468;
  const std::int64_t era = z / 146'097, of_era = z - era * 146'097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return fmt::format(
      "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
      of_year - (153 * shifted + 2) / 5 + 1, second / 3600, second / 60 % 60, second % 60);
}

}  // namespace cotenant
