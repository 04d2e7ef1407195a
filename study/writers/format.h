// SPDX-License-Identifier: Apache-2.0
//
// Numbers as text for people and for files. The same double is the same text on every machine: no
// locale, no printf, no libm. For people three significant digits, with the half-width of the
// interval rounded at the same decimal place; for files the shortest digits that read back as the
// same double. Rounding is exact (std::to_chars), half to even on the binary value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/metric.h"

namespace cotenant {

// "0.1", "1e+22", "118": reads back as the same double. The value must be finite.
std::string shortest(double value);

// "000000000000002a".
std::string hex16(std::uint64_t value);

// "1,234,567".
std::string grouped(std::uint64_t value);

// How a column shows its values: value × factor, followed by the unit.
struct Scale {
  double factor = 1;
  std::string_view unit;
};

// "95 %", "99.9 %": to a tenth, without a trailing zero.
std::string level_percent(double ratio);

// "118 MiB".
std::string short_bytes(double bytes);

// The scale for values of which the largest and smallest are given (in base units). Times take the
// unit that suits the smallest, as long as the largest stays below 10 000 of it; all zero is "s".
Scale scale_of(MetricUnit unit, double smallest, double largest);

// A number with three significant digits and, where there is an interval, its half-width (the
// larger side of it). A half-width that rounds to zero is not shown: the number is good
// to its last digit.
struct Figure {
  std::string value;       // "118"
  std::string half_width;  // "3"; may be empty
};
Figure figure(double value, std::optional<double> low, std::optional<double> high,
              const Scale& scale);

// A part of a whole, rounded where the whole is: parts of 4.21 s are shown to 0.01 s, so that they
// can be added up by eye.
std::string part_of(double part, double whole, const Scale& scale);

// "118", "31.0", "0.00312", "1.23e+09": three significant digits.
std::string significant(double value);

// "118 ms", "4.21 s", "35.2 us".
std::string short_time(double seconds);

// "118 ms", "42/s", "0.1 %", "3.2", "118 MiB": a metric in a sentence.
std::string with_unit(MetricUnit unit, double value);

// "15 min", "2 h", "90 s", "41.3 s": how people name the length of a run.
std::string plain_duration(double seconds);

// "62 %", and "<1 %" for less than half a percent that is not zero.
std::string whole_percent(double ratio);

}  // namespace cotenant
