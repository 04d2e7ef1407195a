// SPDX-License-Identifier: Apache-2.0
//
// Decimal text is read into a 128-bit integer and a number of decimals, multiplied by the unit and
// divided by the power of ten: exact, or refused. SI prefixes after the SI brochure, binary ones
// after IEC 80000-13; a month is a month, whatever its length.
#include "scenarios/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <system_error>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/nearest.h"
#include "sim/base/int128.h"

namespace cotenant {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;  // in the base unit
};

constexpr std::array<Unit, 7> kTimeUnits = {{{"ns", 1},
                                             {"us", 1'000},
                                             {"ms", 1'000'000},
                                             {"s", 1'000'000'000},
                                             {"min", 60'000'000'000},
                                             {"h", 3'600'000'000'000},
                                             {"d", 86'400'000'000'000}}};
constexpr std::array<Unit, 9> kByteUnits = {{{"B", 1},
                                             {"kB", 1'000},
                                             {"KiB", std::int64_t{1} << 10},
                                             {"MB", 1'000'000},
                                             {"MiB", std::int64_t{1} << 20},
                                             {"GB", 1'000'000'000},
                                             {"GiB", std::int64_t{1} << 30},
                                             {"TB", 1'000'000'000'000},
                                             {"TiB", std::int64_t{1} << 40}}};
// By size.
constexpr std::array<Unit, 12> kLinkUnits = {{{"B/s", 1},
                                              {"kbit/s", 125},
                                              {"kB/s", 1'000},
                                              {"KiB/s", std::int64_t{1} << 10},
                                              {"Mbit/s", 125'000},
                                              {"MB/s", 1'000'000},
                                              {"MiB/s", std::int64_t{1} << 20},
                                              {"Gbit/s", 125'000'000},
                                              {"GB/s", 1'000'000'000},
                                              {"GiB/s", std::int64_t{1} << 30},
                                              {"TB/s", 1'000'000'000'000},
                                              {"TiB/s", std::int64_t{1} << 40}}};
constexpr std::array<Unit, 4> kRateUnits = {{{"s", 1}, {"min", 60}, {"h", 3'600}, {"d", 86'400}}};
constexpr std::array<std::string_view, 3> kCurrencies = {"$", "€", "£"};

// mantissa / 10^decimals, without zeros at the end of the decimals.
struct Decimal {
  Uint128 mantissa = 0;
  int decimals = 0;
};

// No unit needs more: 1 d has 2^16 and 5^11 ns, so its 17th decimal is never a whole ns; 1 TiB has
// 2^40 B and no 5, so any number of bytes with more decimals has more digits than 64 bits.
constexpr int kMaxDecimals = 40;
constexpr int kMaxDigits = 24;  // significant ones; 10^24 times the largest unit stays below 2^128

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits, optionally a point and digits, at the start of the text; takes them off it. The problem
// is empty when all went well.
std::string take_decimal(std::string_view& text, Decimal& decimal) {
  const std::string_view whole = text;
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t point = end;
  if (point == 0) return in_quotes(whole) + " does not start with a number";
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  if (end > point) digits = digits.substr(0, digits.find_last_not_of('0') + 1);
  int significant = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] == '.') continue;
    if (significant > 0 || digits[i] != '0') ++significant;
    if (significant > kMaxDigits) return in_quotes(whole) + " has too many digits";
    decimal.mantissa = decimal.mantissa * 10 + static_cast<unsigned>(digits[i] - '0');
    if (i > point) ++decimal.decimals;
  }
  if (decimal.decimals > kMaxDecimals) return in_quotes(whole) + " has too many digits";
  return "";
}

std::string sign_problem(std::string_view text) {
  if (text.substr(0, 1) == "-") return in_quotes(text) + " is negative";
  if (text.substr(0, 1) == "+") return in_quotes(text) + " has a sign";
  return "";
}

// The count of base units, if that is a whole number in range.
Parsed<std::int64_t> scale(const Decimal& decimal, std::int64_t unit, std::string_view text,
                           std::string_view base_unit) {
  Uint128 count = decimal.mantissa * static_cast<std::uint64_t>(unit);
  for (int i = 0; i < decimal.decimals; ++i) {
    if (count % 10 != 0) {
      return {std::nullopt,
              fmt::format("{} is not a whole number of {}", in_quotes(text), base_unit), ""};
    }
    count /= 10;
  }
  if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return {std::nullopt, in_quotes(text) + " is too large", ""};
  }
  return {static_cast<std::int64_t>(count), "", ""};
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  const auto at =
      std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return at == units.end() ? nullptr : &*at;
}

template <std::size_t N>
std::vector<std::string_view> names_of(const std::array<Unit, N>& units) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  return names;
}

// "has no unit: ns, us or ms", or the nearest unit if there is one.
template <class T, std::size_t N>
Parsed<T> unit_problem(std::string_view text, std::string_view found,
                       const std::array<Unit, N>& units, std::string_view prefix) {
  const std::string what =
      found.empty() ? " has no unit" : " has the unknown unit " + in_quotes(found);
  std::string_view name = found;
  if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
  const std::string nearest = nearest_name(name, names_of(units));
  if (!nearest.empty()) return {{}, in_quotes(text) + what, std::string(prefix) + nearest};
  std::string list;
  for (const Unit& unit : units) {
    list += list.empty() ? "" : &unit == &units.back() ? " or " : ", ";
    list += std::string(prefix) + std::string(unit.name);
  }
  return {{}, in_quotes(text) + what + " (" + list + ")", ""};
}

template <std::size_t N>
Parsed<std::int64_t> parse_amount(std::string_view text, const std::array<Unit, N>& units,
                                  std::string_view base_unit) {
  if (std::string problem = sign_problem(text); !problem.empty()) return {{}, problem, ""};
  std::string_view rest = text;
  Decimal decimal;
  if (std::string problem = take_decimal(rest, decimal); !problem.empty()) return {{}, problem, ""};
  if (rest.substr(0, 1) == " ") rest.remove_prefix(1);
  const Unit* unit = find_unit(units, rest);
  if (unit == nullptr) return unit_problem<std::int64_t>(text, rest, units, "");
  return scale(decimal, unit->size, text, base_unit);
}

template <class Quantity>
Parsed<Quantity> as_quantity(Parsed<std::int64_t> parsed) {
  if (!parsed.value) return {{}, std::move(parsed.problem), std::move(parsed.nearest)};
  return {Quantity{*parsed.value}, "", ""};
}

// count / unit as a decimal, or nothing when it needs more than nine decimals.
std::optional<std::string> as_fraction(std::int64_t count, std::int64_t unit) {
  std::string text = std::to_string(count / unit) + '.';
  Uint128 rest = static_cast<Uint128>(static_cast<std::uint64_t>(count % unit));
  for (int i = 0; i < 9 && rest != 0; ++i) {
    rest *= 10;
    text += static_cast<char>('0' + static_cast<int>(rest / static_cast<std::uint64_t>(unit)));
    rest %= static_cast<std::uint64_t>(unit);
  }
  if (rest != 0) return std::nullopt;
  return text;
}

template <std::size_t N>
std::string amount_text(std::int64_t count, const std::array<Unit, N>& units,
                        std::int64_t largest_fractional, const Unit& zero_unit) {
  if (count < 0) return "-" + amount_text(-count, units, largest_fractional, zero_unit);
  if (count == 0) return fmt::format("0{}", zero_unit.name);
  std::string best;
  for (const Unit& unit : units) {
    if (count % unit.size == 0) best = fmt::format("{}{}", count / unit.size, unit.name);
  }
  for (const Unit& unit : units) {
    if (unit.size > count || unit.size > largest_fractional || count % unit.size == 0) continue;
    const std::optional<std::string> fraction = as_fraction(count, unit.size);
    if (fraction && fraction->size() + unit.name.size() < best.size()) {
      best = *fraction + std::string(unit.name);
    }
  }
  return best;
}

std::string time_text(std::int64_t ns) {
  // Fractions of minutes, hours and days are hard to read: "1.5s", but "90s".
  return amount_text(ns, kTimeUnits, kTimeUnits[3].size, kTimeUnits[3]);
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  return as_quantity<Duration>(parse_amount(text, kTimeUnits, "ns"));
}
Parsed<CpuTime> parse_cpu_time(std::string_view text) {
  return as_quantity<CpuTime>(parse_amount(text, kTimeUnits, "ns"));
}
Parsed<Bytes> parse_bytes(std::string_view text) {
  return as_quantity<Bytes>(parse_amount(text, kByteUnits, "bytes"));
}

Parsed<LinkSpeed> parse_link_speed(std::string_view text) {
  return as_quantity<LinkSpeed>(parse_amount(text, kLinkUnits, "bytes per second"));
}

Parsed<Rate> parse_rate(std::string_view text) {
  if (std::string problem = sign_problem(text); !problem.empty()) return {{}, problem, ""};
  std::string_view rest = text;
  Decimal decimal;
  if (std::string problem = take_decimal(rest, decimal); !problem.empty()) return {{}, problem, ""};
  const std::string_view number = text.substr(0, text.size() - rest.size());
  const Unit* unit = rest.substr(0, 1) == "/" ? find_unit(kRateUnits, rest.substr(1)) : nullptr;
  if (unit == nullptr) return unit_problem<Rate>(text, rest, kRateUnits, "/");
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec != std::errc()) return {{}, in_quotes(text) + " is out of range", ""};
  return {Rate{value / static_cast<double>(unit->size)}, "", ""};
}

Parsed<Money> parse_money(std::string_view text) {
  const auto currency = std::find_if(
      kCurrencies.begin(), kCurrencies.end(),
      [&](std::string_view symbol) { return text.substr(0, symbol.size()) == symbol; });
  if (currency == kCurrencies.end()) {
    return {{}, in_quotes(text) + " does not start with $, € or £", ""};
  }
  std::string_view rest = text.substr(currency->size());
  if (rest.substr(0, 1) == "-") return {{}, in_quotes(text) + " is negative", ""};
  Decimal decimal;
  if (!take_decimal(rest, decimal).empty()) {
    return {{}, in_quotes(text) + " has no amount behind the currency", ""};
  }
  if (rest != "/month") {
    return {{}, in_quotes(text) + " does not end with /month", ""};
  }
  Parsed<std::int64_t> cents = scale(decimal, 100, text, "cents");
  if (!cents.value) return {{}, std::move(cents.problem), ""};
  return {Money{std::string(*currency), *cents.value}, "", ""};
}

Parsed<CpuList> parse_cpu_list(std::string_view text) {
  const auto malformed = [&] {
    return Parsed<CpuList>{{}, in_quotes(text) + " is not a list of cores in ascending order", ""};
  };
  constexpr std::int64_t kMost = 4096;
  CpuList list;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](std::int64_t& value) {
    const auto read = std::from_chars(at, end, value);
    const bool good = read.ec == std::errc() && value >= 0 && value < kMost && *at != '-';
    at = read.ptr;
    return good;
  };
  while (at != end) {
    std::int64_t first = 0;
    if (!number(first)) return malformed();
    std::int64_t last = first;
    if (at != end && *at == '-') {
      ++at;
      if (at == end || !number(last)) return malformed();
    }
    if (last < first || (!list.cores.empty() && first <= list.cores.back())) return malformed();
    for (std::int64_t core = first; core <= last; ++core) list.cores.push_back(core);
    if (at == end) return {std::move(list), "", ""};
    if (*at != ',') return malformed();
    ++at;
  }
  return malformed();
}

std::string to_text(const CpuList& cpus) {
  std::string text;
  for (std::size_t i = 0; i < cpus.cores.size();) {
    std::size_t last = i;
    while (last + 1 < cpus.cores.size() && cpus.cores[last + 1] == cpus.cores[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(cpus.cores[i]);
    if (last > i) text += '-' + std::to_string(cpus.cores[last]);
    i = last + 1;
  }
  return text;
}

std::string to_text(Duration duration) { return time_text(duration.count()); }
std::string to_text(CpuTime time) { return time_text(time.count()); }
std::string to_text(Bytes bytes) {
  return amount_text(bytes.count(), kByteUnits, kByteUnits.back().size, kByteUnits.front());
}

std::string to_text(LinkSpeed speed) {
  return amount_text(speed.bytes_per_second, kLinkUnits, kLinkUnits.back().size,
                     kLinkUnits.front());
}

std::string to_text(Rate rate) {
  std::string best;
  for (const Unit& unit : kRateUnits) {
    const double number = rate.per_second * static_cast<double>(unit.size);
    // Fixed notation: quantities have no exponents. "{:f}" would cut, "{}" may use an exponent.
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                   std::chars_format::fixed);
    if (end.ec != std::errc()) continue;
    const std::string text = fmt::format(
        "{}/{}", std::string_view(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())),
        unit.name);
    const Parsed<Rate> back = parse_rate(text);
    const bool same = back.value && *back.value == rate;
    if (same && (best.empty() || text.size() < best.size())) best = text;
  }
  return best;
}

std::string to_text(const Money& money) {
  if (money.cents % 100 == 0) return fmt::format("{}{}/month", money.currency, money.cents / 100);
  return fmt::format("{}{}.{:02}/month", money.currency, money.cents / 100, money.cents % 100);
}

std::string to_text(double number) { return fmt::format("{}", number); }

}  // namespace cotenant
