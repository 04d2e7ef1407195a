// SPDX-License-Identifier: Apache-2.0
//
// Quantities: exact in both directions, strict about units.
#include "scenarios/quantity.h"

#include <gtest/gtest.h>

#include <regex>

namespace cotenant {
namespace {

std::int64_t ns(std::string_view text) {
  const Parsed<Duration> parsed = parse_duration(text);
  EXPECT_TRUE(parsed.value.has_value()) << text << ": " << parsed.problem;
  return parsed.value.value_or(Duration(-1)).count();
}
std::int64_t bytes(std::string_view text) {
  const Parsed<Bytes> parsed = parse_bytes(text);
  EXPECT_TRUE(parsed.value.has_value()) << text << ": " << parsed.problem;
  return parsed.value.value_or(Bytes(-1)).count();
}

TEST(Duration, EveryUnit) {
  EXPECT_EQ(ns("7ns"), 7);
  EXPECT_EQ(ns("7us"), 7'000);
  EXPECT_EQ(ns("250ms"), 250'000'000);
  EXPECT_EQ(ns("1.5s"), 1'500'000'000);
  EXPECT_EQ(ns("2min"), 120'000'000'000);
  EXPECT_EQ(ns("1h"), 3'600'000'000'000);
  EXPECT_EQ(ns("1d"), 86'400'000'000'000);
  EXPECT_EQ(ns("0s"), 0);
  EXPECT_EQ(ns("5 ms"), 5'000'000);
}

TEST(Duration, DecimalsAreExact) {
  // As a double 0.1 * 10^6 happens to be right, but 1.1 * 10^9 * 3 and many others are not.
  EXPECT_EQ(ns("0.1ms"), 100'000);
  EXPECT_EQ(ns("1.1s"), 1'100'000'000);
  EXPECT_EQ(ns("9007199.254740993s"), 9'007'199'254'740'993);  // 2^53 + 1 ns: no double holds it
  EXPECT_EQ(ns("0.000000001s"), 1);
  EXPECT_EQ(ns("1.500000000000000000000000000000000000s"), 1'500'000'000);  // zeros at the end
  EXPECT_EQ(ns("0.05min"), 3'000'000'000);
  EXPECT_EQ(ns("000012ms"), 12'000'000);
  // 1/2^16 of a day: the longest fraction of a day that is a whole number of ns.
  EXPECT_EQ(ns("0.0000152587890625d"), 1'318'359'375);
}

TEST(Duration, RefusesPartsOfANanosecond) {
  EXPECT_EQ(parse_duration("0.5ns").problem, "\"0.5ns\" is not a whole number of ns");
  EXPECT_EQ(parse_duration("1.0000000001s").problem,
            "\"1.0000000001s\" is not a whole number of ns");
}

TEST(Duration, RangeIsThatOf63Bits) {
  EXPECT_EQ(ns("9223372036854775807ns"), 9'223'372'036'854'775'807);
  EXPECT_EQ(parse_duration("9223372036854775808ns").problem,
            "\"9223372036854775808ns\" is too large");
  EXPECT_EQ(parse_duration("106752d").problem, "\"106752d\" is too large");
  EXPECT_EQ(parse_duration("999999999999999999999999d").problem,
            "\"999999999999999999999999d\" is too large");
  EXPECT_EQ(parse_duration("1000000000000000000000000d").problem,
            "\"1000000000000000000000000d\" has too many digits");
}

TEST(Duration, ProblemsAreNamed) {
  const auto problem = [](std::string_view text) { return parse_duration(text).problem; };
  EXPECT_EQ(problem("12"), "\"12\" has no unit (ns, us, ms, s, min, h or d)");
  EXPECT_EQ(problem("12 "), "\"12 \" has no unit (ns, us, ms, s, min, h or d)");
  EXPECT_EQ(problem("12m"), "\"12m\" has the unknown unit \"m\" (ns, us, ms, s, min, h or d)");
  EXPECT_EQ(problem("12ms "), "\"12ms \" has the unknown unit \"ms \"");
  EXPECT_EQ(problem(""), "\"\" does not start with a number");
  EXPECT_EQ(problem("ms"), "\"ms\" does not start with a number");
  EXPECT_EQ(problem(".5s"), "\".5s\" does not start with a number");
  EXPECT_EQ(problem(" 5s"), "\" 5s\" does not start with a number");
  EXPECT_EQ(problem("-5s"), "\"-5s\" is negative");
  EXPECT_EQ(problem("+5s"), "\"+5s\" has a sign");
  EXPECT_EQ(problem("5.s"), "\"5.s\" has the unknown unit \".s\" (ns, us, ms, s, min, h or d)");
  EXPECT_EQ(problem("1,5s"), "\"1,5s\" has the unknown unit \",5s\" (ns, us, ms, s, min, h or d)");
  EXPECT_EQ(parse_duration("5mins").nearest, "min");
  EXPECT_EQ(parse_duration("5S").nearest, "s");
}

TEST(Duration, PrintedInTheLargestExactUnit) {
  EXPECT_EQ(to_text(Duration(0)), "0s");
  EXPECT_EQ(to_text(nanoseconds(1)), "1ns");
  EXPECT_EQ(to_text(microseconds(100)), "100us");
  EXPECT_EQ(to_text(milliseconds(250)), "250ms");
  EXPECT_EQ(to_text(milliseconds(1500)), "1.5s");
  EXPECT_EQ(to_text(seconds(90)), "90s");  // not 1.5min
  EXPECT_EQ(to_text(seconds(900)), "15min");
  EXPECT_EQ(to_text(seconds(86'400)), "1d");
  EXPECT_EQ(to_text(Duration::max()), "9223372036854775807ns");
}

TEST(Duration, TextReadsBackAsTheSameValue) {
  std::int64_t value = 1;
  for (int i = 0; i < 400; ++i) {
    // A multiplicative walk over all magnitudes, with neighbors of round values.
    for (const std::int64_t probe : {value, value + 1, value * 10, value * 500}) {
      EXPECT_EQ(ns(to_text(Duration(probe))), probe);
    }
    value = (value * 7 + 3) % 1'000'000'007'000;
  }
}

TEST(Bytes, DecimalAndBinaryUnits) {
  EXPECT_EQ(bytes("1.5GiB"), 1'610'612'736);
  EXPECT_EQ(bytes("1KiB"), 1'024);
  EXPECT_EQ(bytes("1kB"), 1'000);
  EXPECT_EQ(bytes("1.5MB"), 1'500'000);
  EXPECT_EQ(bytes("2MiB"), 2'097'152);
  EXPECT_EQ(bytes("1GB"), 1'000'000'000);
  EXPECT_EQ(bytes("1TB"), 1'000'000'000'000);
  EXPECT_EQ(bytes("1TiB"), 1'099'511'627'776);
  EXPECT_EQ(bytes("12B"), 12);
  EXPECT_EQ(parse_bytes("0.3KiB").problem, "\"0.3KiB\" is not a whole number of bytes");
  EXPECT_EQ(parse_bytes("1gib").nearest, "GiB");
  EXPECT_EQ(parse_bytes("1K").problem,
            "\"1K\" has the unknown unit \"K\" (B, kB, KiB, MB, MiB, GB, GiB, TB or TiB)");
}

TEST(Bytes, PrintedShort) {
  EXPECT_EQ(to_text(Bytes(0)), "0B");
  EXPECT_EQ(to_text(Bytes(1'610'612'736)), "1.5GiB");
  EXPECT_EQ(to_text(Bytes(1'000'000)), "1MB");
  EXPECT_EQ(to_text(Bytes(1'023)), "1023B");
  for (const std::int64_t probe : {1, 999, 1'000, 1'024, 1'536, 123'456'789, 5 << 20}) {
    EXPECT_EQ(bytes(to_text(Bytes(probe))), probe);
  }
}

TEST(Rates, PerTime) {
  EXPECT_EQ(parse_rate("80/s").value->per_second, 80);
  EXPECT_EQ(parse_rate("3/min").value->per_second, 0.05);
  EXPECT_EQ(parse_rate("1000/h").value->per_second, 1000.0 / 3600.0);
  EXPECT_EQ(parse_rate("864/d").value->per_second, 0.01);
  EXPECT_EQ(parse_rate("0.5/s").value->per_second, 0.5);
  EXPECT_EQ(parse_rate("80").problem, "\"80\" has no unit (/s, /min, /h or /d)");
  EXPECT_EQ(parse_rate("80s").problem, "\"80s\" has the unknown unit \"s\"");
  EXPECT_EQ(parse_rate("80s").nearest, "/s");
  EXPECT_EQ(parse_rate("80/mins").nearest, "/min");
  EXPECT_EQ(parse_rate("80 /s").problem,
            "\"80 /s\" has the unknown unit \" /s\" (/s, /min, /h or /d)");
}

TEST(Rates, TextReadsBackAsTheSameDouble) {
  EXPECT_EQ(to_text(Rate{80}), "80/s");
  EXPECT_EQ(to_text(Rate{1000.0 / 3600.0}), "1000/h");
  EXPECT_EQ(to_text(Rate{0.05}), "3/min");
  for (int i = 1; i < 500; ++i) {
    const Rate rate{static_cast<double>(i) / 7.0};
    const Parsed<Rate> back = parse_rate(to_text(rate));
    ASSERT_TRUE(back.value.has_value());
    EXPECT_EQ(*back.value, rate);
  }
}

TEST(Prices, WholeCents) {
  EXPECT_EQ(*parse_money("$6/month").value, (Money{"$", 600}));
  EXPECT_EQ(*parse_money("€4.51/month").value, (Money{"€", 451}));
  EXPECT_EQ(*parse_money("£0.5/month").value, (Money{"£", 50}));
  EXPECT_EQ(to_text(Money{"$", 600}), "$6/month");
  EXPECT_EQ(to_text(Money{"€", 451}), "€4.51/month");
  EXPECT_EQ(to_text(Money{"£", 5}), "£0.05/month");
  EXPECT_EQ(parse_money("$-6/month").problem, "\"$-6/month\" is negative");
  EXPECT_EQ(parse_money("$/month").problem, "\"$/month\" has no amount behind the currency");
  EXPECT_EQ(parse_money("$0.001/month").problem, "\"$0.001/month\" is not a whole number of cents");
  EXPECT_EQ(parse_money("$92233720368547758.08/month").problem,
            "\"$92233720368547758.08/month\" is too large");
}

// The schema's patterns and the parsers must agree about form, or an editor would mark good values.
TEST(Patterns, AgreeWithTheParsers) {
  const std::vector<std::string> texts = {
      "1s",       "1.5s",    "1 s",        "1  s",      "s",           "1",    "-1s",     "1.s",
      ".5s",      "1e3s",    "1min",       "1m",        "1/s",         "1 /s", "1/min",   "1/hour",
      "1.5/d",    "1B",      "1KiB",       "1kiB",      "1kB",         "1KB",  "1TiB",    "1.5 GB",
      "$1/month", "1/month", "€1.5/month", "$ 1/month", "£1.25/month", "$1",   "$1/year", ""};
  const auto matches = [](std::string_view pattern, const std::string& text) {
    return std::regex_search(text, std::regex(std::string(pattern)));
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(parse_duration(text).value.has_value(), matches(kDurationPattern, text)) << text;
    EXPECT_EQ(parse_bytes(text).value.has_value(), matches(kBytesPattern, text)) << text;
    EXPECT_EQ(parse_rate(text).value.has_value(), matches(kRatePattern, text)) << text;
    EXPECT_EQ(parse_money(text).value.has_value(), matches(kMoneyPattern, text)) << text;
  }
}

TEST(CpuList, IsThatOfTheKernel) {
  const auto cores = [](std::string_view text) {
    const Parsed<CpuList> parsed = parse_cpu_list(text);
    EXPECT_TRUE(parsed.value.has_value()) << text << ": " << parsed.problem;
    return parsed.value.value_or(CpuList{}).cores;
  };
  EXPECT_EQ(cores("0"), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(cores("0-3,5"), (std::vector<std::int64_t>{0, 1, 2, 3, 5}));
  EXPECT_EQ(cores("7-7,9"), (std::vector<std::int64_t>{7, 9}));
  EXPECT_EQ(cores("0-4095").size(), 4096u);
  for (const char* text : {"", "x", "1,", ",1", "3-1", "1-", "-1", "1--2", "0,0", "1-3,3", "4096",
                           "0-99999999999999999999", "0 ,1", "+1"}) {
    EXPECT_FALSE(parse_cpu_list(text).value.has_value()) << text;
  }
  EXPECT_EQ(to_text(CpuList{{0, 1, 2, 3, 5}}), "0-3,5");
  EXPECT_EQ(to_text(CpuList{{7}}), "7");
  EXPECT_EQ(to_text(CpuList{{0, 2, 4, 5}}), "0,2,4-5");
}

}  // namespace
}  // namespace cotenant
