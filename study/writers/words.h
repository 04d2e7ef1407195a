// SPDX-License-Identifier: Apache-2.0
//
// The words and colors of reports, so that every face says the same: plain words first, kernel
// terms in brackets. Colors are those of the interface design (0xRRGGBB), cool for useful time,
// warm for lost time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "study/report.h"

namespace cotenant {

struct WaitStateWords {
  std::string_view label;   // in tables
  std::string_view phrase;  // in sentences: "61 % of its p99 is <phrase>"
  std::uint32_t color;
};
const WaitStateWords& words(WaitState state);

struct VerdictWords {
  std::string_view mark;  // a shape, so that color is never alone
  std::string_view word;
  std::uint32_t color;
};
const VerdictWords& words(Verdict verdict);

// "timed out" for people; reports in JSON and CSV use to_string(Outcome).
std::string_view words(Outcome outcome);

// The color of the setup with this number in the file; they begin again after so many.
inline constexpr std::size_t kSetupColorCount = 7;
std::uint32_t setup_color(std::size_t index);

// "p95" or "p95 of checkout": an objective in a verdict column.
std::string short_name(const ObjectiveReport& objective);

// "✗ misses p95, errors", or without objectives "✗ misses"; empty for a setup without any objective
// that can run.
std::string verdict_text(const SetupReport& setup, bool with_objectives = true);

// "queue grows by 12.3/s".
std::string growth(const StabilityReport& stability);

// "queue grows by 12.3/s: no steady state".
std::string instability(const StabilityReport& stability);

// Smaller parts of a whole do not explain anything.
inline constexpr double kWorthSaying = 0.05;

// The parts of a breakdown, largest first: "61 % of <what> is held back by ..., 22 % waiting ...".
// Parts below 5 % are left out; without latency there is nothing to say and the text is empty.
std::string share_sentence(const WaitBreakdown& breakdown, std::string_view what);

// "a", "a, and b", "a, b, and c": clauses of a sentence.
std::string enumerated(const std::vector<std::string>& clauses);

// "$4.60" or "4.60 EUR".
std::string money(std::string_view currency, double amount);

// The price of a month.
std::string monthly(const Price& price);

// The setups that meet every objective at the lowest price. Empty when there is nothing to choose
// from, when some setup that meets has no price, or when currencies differ: a setup whose price is
// unknown might be cheaper.
std::vector<std::size_t> cheapest_that_meet(const Report& report);

}  // namespace cotenant
