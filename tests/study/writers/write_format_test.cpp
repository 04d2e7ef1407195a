// SPDX-License-Identifier: Apache-2.0
//
// Numbers and texts as people read them: three significant digits, one unit per column, intervals
// rounded where their value is.
#include "study/writers/format.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "sim/base/assert.h"
#include "study/writers/display.h"
#include "study/writers/table.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

TEST(Format, KeepsThreeSignificantDigits) {
  EXPECT_EQ(significant(0), "0");
  EXPECT_EQ(significant(118.4), "118");
  EXPECT_EQ(significant(31), "31.0");
  EXPECT_EQ(significant(4213), "4210");
  EXPECT_EQ(significant(0.0031249), "0.00312");
  EXPECT_EQ(significant(1234567), "1230000");
  EXPECT_EQ(significant(-4213), "-4210");
}

TEST(Format, CarriesIntoTheNextDigit) {
  EXPECT_EQ(significant(9.996), "10.0");
  EXPECT_EQ(significant(999.6), "1000");
  EXPECT_EQ(significant(99950), "100000");  // half of a hundred, to the even digit above
  EXPECT_EQ(significant(0.0009999), "0.00100");
}

TEST(Format, UsesAnExponentBeyondAMillionAndBelowAMillionth) {
  EXPECT_EQ(significant(12345678), "1.23e+07");
  EXPECT_EQ(significant(1.5e-7), "1.50e-07");
  EXPECT_EQ(significant(std::numeric_limits<double>::max()), "1.80e+308");
  EXPECT_EQ(significant(5e-324), "4.94e-324");  // the exact value of the smallest double
}

TEST(Format, WritesTheShortestDigitsThatReadBack) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(shortest(5e-324), "5e-324");
  EXPECT_EQ(std::stod(shortest(0.1 + 0.2)), 0.1 + 0.2);
  EXPECT_THROW(shortest(std::numeric_limits<double>::quiet_NaN()), Bug);
}

TEST(Format, RoundsTheIntervalWhereTheValueIsRounded) {
  const Scale ms = {1000, "ms"};
  const auto shown = [&ms](double value, double half) {
    const Figure result = figure(value, value - half, value + half, ms);
    return result.value + " ± " + result.half_width;
  };
  EXPECT_EQ(shown(0.118, 0.003), "118 ± 3");
  EXPECT_EQ(shown(0.031, 0.0004), "31.0 ± 0.4");
  EXPECT_EQ(shown(4.2, 0.26), "4200 ± 260");
  // An interval wider than the value decides where both are rounded.
  EXPECT_EQ(shown(0.0312345, 4.5), "30 ± 4500");
  EXPECT_EQ(shown(0, 0.0312), "0 ± 30");
}

TEST(Format, ShowsNoIntervalThatIsBelowTheLastDigit) {
  EXPECT_EQ(figure(0.118, 0.1179999, 0.1180001, {1000, "ms"}).half_width, "");
  EXPECT_EQ(figure(0.118, 0.118, 0.118, {1000, "ms"}).half_width, "");
  EXPECT_EQ(figure(0.118, std::nullopt, std::nullopt, {1000, "ms"}).half_width, "");
}

TEST(Format, TakesTheLargerSideOfALopsidedInterval) {
  EXPECT_EQ(figure(0.118, 0.117, 0.148, {1000, "ms"}).half_width, "30");
}

TEST(Format, RoundsPartsWhereTheWholeIsRounded) {
  EXPECT_EQ(part_of(0.0141, 4.21, {1, "s"}), "0.01");
  EXPECT_EQ(part_of(2.568, 4.21, {1, "s"}), "2.57");
  EXPECT_EQ(part_of(2.568, 4.21, {1000, "ms"}), "2570");
  EXPECT_EQ(part_of(0.004, 4.21, {1000, "ms"}), "0");
  EXPECT_EQ(part_of(0.006, 4.21, {1000, "ms"}), "10");
}

TEST(Format, ChoosesOneUnitForAColumn) {
  const auto unit = [](double low, double high) {
    return std::string(scale_of(MetricUnit::seconds, low, high).unit);
  };
  EXPECT_EQ(unit(0.031, 0.24), "ms");
  EXPECT_EQ(unit(0.031, 4.2), "ms");  // 4200 ms is still readable
  EXPECT_EQ(unit(0.031, 42), "s");    // 42000 ms is not
  EXPECT_EQ(unit(2.5e-9, 5e-8), "ns");
  EXPECT_EQ(unit(3.5e-5, 0.0012), "us");
  EXPECT_EQ(unit(0.0009999, 0.0009999), "ms");  // it is printed as 1.00 ms, not as 1000 us
  EXPECT_EQ(unit(0, 0), "s");
}

TEST(Format, NamesLengthsOfTimeAsPeopleDo) {
  EXPECT_EQ(plain_duration(900), "15 min");
  EXPECT_EQ(plain_duration(90), "90 s");
  EXPECT_EQ(plain_duration(60), "60 s");
  EXPECT_EQ(plain_duration(3600), "1 h");
  EXPECT_EQ(plain_duration(7200), "2 h");
  EXPECT_EQ(plain_duration(172800), "2 days");
  EXPECT_EQ(plain_duration(41.25), "41.2 s");
  EXPECT_EQ(plain_duration(0.25), "250 ms");
}

TEST(Format, WritesSharesAndCounts) {
  EXPECT_EQ(whole_percent(0.616), "62 %");
  EXPECT_EQ(whole_percent(0.004), "<1 %");
  EXPECT_EQ(whole_percent(0), "0 %");
  EXPECT_EQ(level_percent(0.95), "95 %");
  EXPECT_EQ(level_percent(0.999), "99.9 %");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(hex16(0x2a), "000000000000002a");
}

TEST(Format, WritesMoneyInCents) {
  EXPECT_EQ(money("$", 4.6), "$4.60");
  EXPECT_EQ(money("EUR", 1234.5), "1,234.50 EUR");
  EXPECT_EQ(money("$", 0), "$0.00");
  EXPECT_EQ(money("$", 0.00123), "$0.00123");
}

TEST(Display, CountsCodePointsAndSkipsEscapes) {
  EXPECT_EQ(display_width("118 ± 3"), 7u);
  EXPECT_EQ(display_width(Ink(true).color(0xd55e00, "✗ misses")), 8u);
}

TEST(Display, PaintsWithTheNearestOfTheXtermColors) {
  // #D55E00: 0xd5 = 213 is nearest to 215 (level 4), 0x5e = 94 to 95 (level 1), 0 to 0:
  // 16 + 36 * 4 + 6 * 1 + 0 = 166.
  EXPECT_EQ(Ink(true).color(0xd55e00, "x"), "\x1b[38;5;166mx\x1b[0m");
  EXPECT_EQ(Ink(false).color(0xd55e00, "x"), "x");
}

TEST(Display, ClipsInTheMiddle) {
  EXPECT_EQ(clip("telling-1", 9), "telling-1");
  EXPECT_EQ(clip("a-long-name-1", 9), "a-lo…me-1");
  EXPECT_EQ(clip("ääääääöööööö", 5), "ää…öö");
}

TEST(Display, WrapsAtSpacesAndKeepsLongWords) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("incomprehensible x", 5), (std::vector<std::string>{"incomprehensible", "x"}));
}

TEST(Display, KeepsNumbersAndTheirUnitsTogether) {
  EXPECT_EQ(wrap("is 61 % of", 5), (std::vector<std::string>{"is", "61 %", "of"}));
  EXPECT_EQ(wrap("in 15", 4), (std::vector<std::string>{"in", "15"}));
}

TEST(Display, ReplacesControlCharactersAndBadBytes) {
  EXPECT_EQ(printable("a\x1b[0m"), "a\xef\xbf\xbd[0m");
  EXPECT_EQ(printable("\xc2\x9b"), "\xef\xbf\xbd");  // U+009B, an escape sequence in one character
  EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
  EXPECT_EQ(printable("±…"), "±…");
}

TEST(Table, AlignsDecimalPointsAndIntervals) {
  const std::vector<std::optional<Figure>> figures = {Figure{"118", "3"}, Figure{"31.0", "0.1"},
                                                      std::nullopt, Figure{"4210", ""}};
  EXPECT_EQ(
      align_figures(figures, true),
      (std::vector<std::string>{" 118   ± 3  ", "  31.0 ± 0.1", "   –        ", "4210        "}));
  EXPECT_EQ(align_figures(figures, false),
            (std::vector<std::string>{" 118  ", "  31.0", "   –  ", "4210  "}));
}

TEST(Words, SaysWhereTheTimeGoesLargestPartFirst) {
  WaitBreakdown breakdown;
  breakdown.latency = 1;
  breakdown.states[static_cast<std::size_t>(WaitState::cpu)] = 0.36;
  breakdown.states[static_cast<std::size_t>(WaitState::throttled)] = 0.61;
  breakdown.states[static_cast<std::size_t>(WaitState::stolen)] = 0.03;  // too small to say
  EXPECT_EQ(share_sentence(breakdown, "its p99"),
            "61 % of its p99 is held back by its CPU limit (cpu.max throttling), 36 % computing "
            "(cpu).");
  EXPECT_EQ(share_sentence(WaitBreakdown(), "its p99"), "");
}

}  // namespace
}  // namespace cotenant
