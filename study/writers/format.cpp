// SPDX-License-Identifier: Apache-2.0
//
// Decimal rounding works on the digits that std::to_chars prints in scientific form, which are
// exact; places are powers of ten (place 0 is the ones, -1 the tenths, 1 the tens).
#include "study/writers/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr int kDigits = 3;

// Beyond these a person reads an exponent more easily than zeros.
constexpr int kLargestPlainExponent = 6;
constexpr int kSmallestPlainExponent = -6;

// Long enough for any double in fixed form with up to 30 decimals (309 + 1 + 30 characters).
constexpr std::size_t kBuffer = 400;

std::string chars(double value, std::chars_format form, int precision) {
  std::array<char, kBuffer> buffer;
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form, precision);
  COTENANT_ASSERT(result.ec == std::errc());
  return {buffer.data(), result.ptr};
}

// The decimal exponent of the first digit after rounding to `digits` significant digits: 2 for 118.
int exponent_of(double value, int digits) {
  const std::string text = chars(value, std::chars_format::scientific, digits - 1);
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* first = text.data() + e + 1;
  if (*first == '+') ++first;
  std::from_chars(first, text.data() + text.size(), exponent);
  return exponent;
}

// One unit of a place: "0.01", "1", "10".
std::string one_unit(int place) {
  if (place >= 0) return "1" + std::string(static_cast<std::size_t>(place), '0');
  return "0." + std::string(static_cast<std::size_t>(-place - 1), '0') + "1";
}

// Rounds at a decimal place and prints without an exponent.
std::string rounded_at(double value, int place) {
  if (place <= 0) return chars(value, std::chars_format::fixed, -place);
  const int exponent = exponent_of(value, kDigits);
  if (exponent < place) {
    // Less than one unit of that place.
    double unit = 1;
    for (int i = 0; i < place; ++i) unit *= 10;
    return 2 * std::fabs(value) >= unit ? one_unit(place) : "0";
  }
  const std::string text = chars(value, std::chars_format::scientific, exponent - place);
  std::string digits;
  for (const char c : text) {
    if (c == 'e') break;
    if (c != '.') digits += c;
  }
  // Rounding may have carried into one more digit (999.7 at the ones): the exponent tells.
  const int carried = exponent_of(value, exponent - place + 1) - exponent;
  return digits + std::string(static_cast<std::size_t>(place + carried), '0');
}

bool is_zero_text(std::string_view text) { return text.find_first_not_of("-0.") == text.npos; }

bool is_plain(double value) {
  const int exponent = exponent_of(value, kDigits);
  return exponent <= kLargestPlainExponent && exponent >= kSmallestPlainExponent;
}

}  // namespace

std::string shortest(double value) {
  COTENANT_ASSERT(std::isfinite(value));
  std::array<char, 64> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

std::string hex16(std::uint64_t value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4) {
    *digit = kHex[value & 15];
  }
  return text;
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string level_percent(double ratio) {
  std::string text = chars(ratio * 100, std::chars_format::fixed, 1);
  if (text.back() == '0') text.erase(text.size() - 2);
  return text + " %";
}

std::string short_bytes(double bytes) {
  constexpr double kMebibyte = 1 << 20;
  constexpr double kReadable = 1000;
  const double mebibytes = bytes / kMebibyte;
  return mebibytes < kReadable ? significant(mebibytes) + " MiB"
                               : significant(mebibytes / 1024) + " GiB";
}

Scale scale_of(MetricUnit unit, double smallest, double largest) {
  switch (unit) {
    case MetricUnit::per_second:
      return {1, "1/s"};
    case MetricUnit::ratio:
      return {100, "%"};
    case MetricUnit::count:
      return {1, ""};
    case MetricUnit::bytes:
      return {1.0 / (1 << 20), "MiB"};
    case MetricUnit::seconds:
      break;
  }
  constexpr std::array<Scale, 4> kTimes = {{{1e9, "ns"}, {1e6, "us"}, {1e3, "ms"}, {1, "s"}}};
  constexpr double kReadable = 10'000;
  if (largest <= 0) return kTimes.back();
  for (const Scale& scale : kTimes) {
    // The value as it will be printed decides: 0.9999 ms is 1.00 ms, not 1000 us.
    const bool suits = smallest * scale.factor < 999.5;
    if (suits && largest * scale.factor < kReadable) return scale;
  }
  return kTimes.back();
}

Figure figure(double value, std::optional<double> low, std::optional<double> high,
              const Scale& scale) {
  COTENANT_ASSERT(std::isfinite(value));
  const double shown = value * scale.factor;
  if (!low || !high) return {significant(shown), ""};
  const double half =
      std::max({(*high - value) * scale.factor, (value - *low) * scale.factor, 0.0});
  COTENANT_ASSERT(std::isfinite(half));
  if (half <= 0) return {significant(shown), ""};
  if ((shown != 0 && !is_plain(shown)) || !is_plain(half)) {
    return {significant(shown), significant(half)};
  }
  const int half_place = exponent_of(half, kDigits) - (kDigits - 1);
  const int place = is_zero_text(significant(shown))
                        ? exponent_of(half, 1)
                        : std::max(exponent_of(shown, kDigits) - (kDigits - 1), half_place);
  const std::string half_text = rounded_at(half, place);
  return {rounded_at(shown, place), is_zero_text(half_text) ? "" : half_text};
}

std::string part_of(double part, double whole, const Scale& scale) {
  const double shown = whole * scale.factor;
  if (shown == 0 || !is_plain(shown)) return significant(part * scale.factor);
  return rounded_at(part * scale.factor, exponent_of(shown, kDigits) - (kDigits - 1));
}

std::string significant(double value) {
  COTENANT_ASSERT(std::isfinite(value));
  if (value == 0) return "0";
  if (!is_plain(value)) return chars(value, std::chars_format::scientific, kDigits - 1);
  return rounded_at(value, exponent_of(value, kDigits) - (kDigits - 1));
}

std::string short_time(double seconds) {
  const double size = std::fabs(seconds);
  const Scale scale = scale_of(MetricUnit::seconds, size, size);
  return significant(seconds * scale.factor) + " " + std::string(scale.unit);
}

std::string with_unit(MetricUnit unit, double value) {
  switch (unit) {
    case MetricUnit::seconds:
      return short_time(value);
    case MetricUnit::per_second:
      return significant(value) + "/s";
    case MetricUnit::ratio:
      return significant(value * 100) + " %";
    case MetricUnit::count:
      return significant(value);
    case MetricUnit::bytes:
      return short_bytes(value);
  }
  return {};
}

std::string plain_duration(double seconds) {
  const auto whole = [seconds](double unit) {
    return seconds >= 2 * unit && std::floor(seconds / unit) * unit == seconds;
  };
  const auto count = [seconds](double unit) {
    return grouped(static_cast<std::uint64_t>(seconds / unit));
  };
  constexpr double kPlainSeconds = 1e9;
  if (seconds < kPlainSeconds) {
    if (whole(86400)) return count(86400) + " days";
    if (whole(3600) || seconds == 3600) return count(3600) + " h";
    if (whole(60)) return count(60) + " min";
    if (seconds >= 1 && std::floor(seconds) == seconds) return count(1) + " s";
  }
  return short_time(seconds);
}

std::string whole_percent(double ratio) {
  const double percent = ratio * 100;
  if (percent > 0 && percent < 0.5) return "<1 %";
  return chars(percent, std::chars_format::fixed, 0) + " %";
}

}  // namespace cotenant
