// SPDX-License-Identifier: Apache-2.0
//
// Quantities as people write them ("250ms", "1.5GiB", "80/s", "$6/month") to integers and back,
// exactly: "0.1ms" is 100000 ns, not a rounded double. A unit is mandatory. What ranges are allowed
// where is the field table's business. Rates end as doubles because they are divided by 60 and
// 3600.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/scenario.h"
#include "sim/base/units.h"

namespace cotenant {

// A value, or what is wrong with the text: a clause such as `"12" has no unit`.
template <class T>
struct Parsed {
  std::optional<T> value;
  std::string problem;
  std::string nearest;  // unit, for an unknown one
};

// Units ns us ms s min h d.
Parsed<Duration> parse_duration(std::string_view text);
// The same units: time on one core at full speed.
Parsed<CpuTime> parse_cpu_time(std::string_view text);
// Units B, kB MB GB TB (powers of 1000), KiB MiB GiB TiB (powers of 1024).
Parsed<Bytes> parse_bytes(std::string_view text);
// "80/s", "3/min", "1000/h", "5/d".
Parsed<Rate> parse_rate(std::string_view text);
// "125kB/s", "10Mbit/s": units of bytes, and kbit Mbit Gbit, per second.
Parsed<LinkSpeed> parse_link_speed(std::string_view text);
// "$6/month", "€4.51/month", "£3/month": at most two decimals.
Parsed<Money> parse_money(std::string_view text);

// Cores as the kernel lists them: "0-3,5"; ascending, at most 4096 of them.
Parsed<CpuList> parse_cpu_list(std::string_view text);

// The text reads back as the same value. The unit is the largest of which the value is a whole
// multiple, or a larger one where that is shorter ("1.5GiB", not "1536MiB").
std::string to_text(Duration duration);
std::string to_text(CpuTime time);
std::string to_text(Bytes bytes);
std::string to_text(Rate rate);
std::string to_text(LinkSpeed speed);
std::string to_text(const Money& money);
std::string to_text(const CpuList& cpus);

// The shortest decimal that reads back as the same double.
std::string to_text(double number);

// Regular expressions (ECMAScript) for the JSON Schema: the same grammar, without ranges.
inline constexpr std::string_view kDurationPattern = R"(^[0-9]+(\.[0-9]+)? ?(ns|us|ms|s|min|h|d)$)";
inline constexpr std::string_view kBytesPattern = R"(^[0-9]+(\.[0-9]+)? ?([kMGT]?B|[KMGT]iB)$)";
inline constexpr std::string_view kRatePattern = R"(^[0-9]+(\.[0-9]+)?/(s|min|h|d)$)";
inline constexpr std::string_view kLinkSpeedPattern =
    R"(^[0-9]+(\.[0-9]+)? ?([kMGT]?B|[KMGT]iB|[kMG]bit)/s$)";
inline constexpr std::string_view kCpuListPattern = R"(^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$)";
inline constexpr std::string_view kMoneyPattern = R"(^(\$|€|£)[0-9]+(\.[0-9]+)?/month$)";

}  // namespace cotenant
