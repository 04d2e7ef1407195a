// SPDX-License-Identifier: Apache-2.0
//
// Lines of real servers, one for each format and unit, and what they mean.
#include <gtest/gtest.h>

#include <string>

#include "validation/import/access_log.h"
#include "validation/import/access_log_format.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMs = 1'000'000, kS = 1'000'000'000;
// 10/Oct/2000:13:55:36 -0700, the example of Apache's documentation, is 971211336 s.
constexpr std::int64_t kExample = 971'211'336 * kS;

LogRow parsed(const std::string& format, const std::string& line) {
  const auto compiled = access_log_format(format);
  EXPECT_TRUE(compiled.ok()) << format;
  static AccessLogParser parser(*compiled);
  parser = AccessLogParser(*compiled);
  LogRow row;
  const char* problem = parser.parse(line, row);
  EXPECT_EQ(problem, nullptr) << problem;
  return row;
}

std::string problem_of(const std::string& format, const std::string& line) {
  AccessLogParser parser(*access_log_format(format));
  LogRow row;
  const char* problem = parser.parse(line, row);
  return problem == nullptr ? "" : problem;
}

const std::string kCombinedLine =
    R"(203.0.113.9 - frank [10/Oct/2000:13:55:36 -0700] "GET /a/b?secret=1 HTTP/1.1" 200 2326 )"
    R"("http://example.org/" "Mozilla/4.08 [en]")";

TEST(LogFormat, ReadsNginxCombined) {
  const std::string line = kCombinedLine;
  const LogRow row = parsed("nginx:combined", line);
  EXPECT_EQ(row.stamp, kExample);
  EXPECT_EQ(row.zone, -7 * 60);
  EXPECT_EQ(row.method, "GET");
  EXPECT_EQ(row.target, "/a/b");  // the query is gone
  EXPECT_EQ(row.status, 200);
  EXPECT_EQ(row.bytes_out, 2326);
  EXPECT_EQ(row.duration, -1);
}

TEST(LogFormat, ReadsTimesOfNginxInSeconds) {
  const std::string line = "1764750000.123 0.250 0.200 /x 499";
  const LogRow row =
      parsed("$msec $request_time $upstream_response_time $request_uri $status", line);
  EXPECT_EQ(row.stamp, 1'764'750'000'123 * kMs);
  EXPECT_EQ(row.duration, 250 * kMs);
  EXPECT_EQ(row.service, 200 * kMs);
  EXPECT_EQ(row.arrival(false), row.stamp - 250 * kMs);
}

TEST(LogFormat, SumsTheTimesOfSeveralUpstreams) {
  const std::string format = "[$time_local] \"$request\" \"$upstream_response_time\"";
  const std::string start = "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" ";
  const std::string two = start + "\"0.010, 0.020\"", redirect = start + "\"0.010 : 0.005\"",
                    failed = start + "\"-, 0.003\"", none = start + "\"-\"";
  EXPECT_EQ(parsed(format, two).service, 30 * kMs);
  EXPECT_EQ(parsed(format, redirect).service, 15 * kMs);
  EXPECT_EQ(parsed(format, failed).service, 3 * kMs);
  EXPECT_EQ(parsed(format, none).service, -1);
  EXPECT_TRUE(parsed(format, none).no_upstream);
}

TEST(LogFormat, ReadsTheRecommendedFormat) {
  const std::string line =
      R"({"msec":"1764750000.500","m":"POST","uri":"/say \"hi\"","st":201,"rl":345,"bs":99,)"
      R"("rt":0.105,"urt":"0.100","uct":"0.001","c":"7","cr":"2"})";
  const LogRow row = parsed("nginx:cotenant", line);
  EXPECT_EQ(row.method, "POST");
  EXPECT_EQ(row.target, R"(/say \"hi\")");
  EXPECT_EQ(row.bytes_in, 345);
  EXPECT_EQ(row.bytes_out, 99);
  EXPECT_EQ(row.duration, 105 * kMs);
  EXPECT_EQ(row.service, 100 * kMs);
  // The same without being told.
  const auto detected = detect_access_log(line + "\n");
  ASSERT_TRUE(detected.has_value());
  EXPECT_EQ(detected->name, "JSON");
}

struct Unit {
  const char* format;
  const char* text;
  std::int64_t ns;
};

TEST(LogFormat, KnowsTheUnitsOfApache) {
  for (const Unit& unit :
       {Unit{"%T", "3", 3 * kS}, Unit{"%D", "1500", 1500 * kMs / 1000},
        Unit{"%{ms}T", "42", 42 * kMs}, Unit{"%{us}T", "42", 42'000}, Unit{"%{s}T", "2", 2 * kS}}) {
    const std::string line =
        "h - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 - " + std::string(unit.text);
    const LogRow row = parsed(std::string("%h %l %u %t \\\"%r\\\" %>s %b ") + unit.format, line);
    EXPECT_EQ(row.duration, unit.ns) << unit.format;
    EXPECT_EQ(row.bytes_out, -1);  // "-"
    // Apache's stamp is that of the arrival.
    EXPECT_EQ(row.arrival(true), kExample);
  }
}

TEST(LogFormat, KnowsTheUnitsOfGunicorn) {
  for (const Unit& unit : {Unit{"%(T)s", "1", kS}, Unit{"%(M)s", "42", 42 * kMs},
                           Unit{"%(D)s", "42", 42'000}, Unit{"%(L)s", "0.042000", 42 * kMs}}) {
    const std::string line =
        "[10/Oct/2000:13:55:36 -0700] \"GET /x HTTP/1.1\" " + std::string(unit.text) + " <4711>";
    const LogRow row = parsed(std::string("%(t)s \"%(r)s\" ") + unit.format + " %(p)s", line);
    EXPECT_EQ(row.duration, unit.ns) << unit.format;
    EXPECT_EQ(row.worker, 4711);
  }
}

TEST(LogFormat, SaysWhenStampsAreArrivals) {
  EXPECT_TRUE(access_log_format("apache:combined")->stamps_are_arrivals);
  EXPECT_TRUE(access_log_format("%t %r")->stamps_are_arrivals);
  EXPECT_FALSE(access_log_format("%{end:msec}t %r")->stamps_are_arrivals);
  EXPECT_FALSE(access_log_format("nginx:combined")->stamps_are_arrivals);
  EXPECT_FALSE(access_log_format("gunicorn:default")->stamps_are_arrivals);
}

TEST(LogFormat, KeepsAQuoteWithinAField) {
  const std::string line = R"([10/Oct/2000:13:55:36 +0000] "GET /\"x HTTP/1.1" 404)";
  const LogRow row = parsed(R"([$time_local] "$request" $status)", line);
  EXPECT_EQ(row.target, R"(/\"x)");
  EXPECT_EQ(row.status, 404);
}

TEST(LogFormat, TakesWhatIsNoHttpForNoRequest) {
  const std::string format = R"([$time_local] "$request" $status)";
  for (const char* request : {"", "-", R"(\x16\x03\x01)", "hello"}) {
    const std::string line = "[10/Oct/2000:13:55:36 +0000] \"" + std::string(request) + "\" 400";
    EXPECT_EQ(parsed(format, line).method, "") << request;
  }
}

TEST(LogFormat, SaysWhatIsWrongWithALine) {
  const std::string format = "[$time_local] \"$request\" $status $request_time";
  EXPECT_EQ(problem_of(format, "hello"), "is not in the format of this log");
  EXPECT_EQ(problem_of(format, "[10/Okt/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1.0"),
            "has no time where its format has one");
  EXPECT_EQ(problem_of(format, "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" abc 1.0"),
            "has no status where its format has one");
  EXPECT_EQ(problem_of(format, "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 fast"),
            "has no duration where its format has one");
  EXPECT_EQ(problem_of(format, "[10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 999999999"),
            "has no duration where its format has one");
}

// Nanoseconds since 1970 end in 2262. A stamp is moved within its second, and durations are added.
TEST(LogFormat, TakesNoStampThatIsAlmostTooLongForNanoseconds) {
  for (const std::string last : {"7289654400", "9223372036", "9223372037"}) {
    EXPECT_EQ(problem_of("%{sec}t \"%r\" %>s", last + " \"GET / HTTP/1.1\" 200"),
              "has no time where its format has one");
    EXPECT_EQ(problem_of("$msec \"$request\"", last + ".000 \"GET / HTTP/1.1\""),
              "has no time where its format has one");
  }
  EXPECT_EQ(parsed("%{sec}t \"%r\" %>s", "7289654399 \"GET / HTTP/1.1\" 200").stamp,
            7'289'654'399'000'000'000);
}

TEST(LogFormat, RefusesFormatsThatCannotBeUsed) {
  EXPECT_EQ(access_log_format("$request$status [$time_local]").diagnostics()[0].message,
            "the log format has two fields without anything between them");
  EXPECT_EQ(access_log_format("$request $status").diagnostics()[0].message,
            "the log format has no time: without one there are no arrivals");
  EXPECT_EQ(access_log_format("nginx:combinde").diagnostics()[0].nearest, "nginx:combined");
}

TEST(LogFormat, GuessesWhatFollowsTheCombinedFormat) {
  const auto format = detect_access_log(kCombinedLine + " 0.042 0.040\n");
  ASSERT_TRUE(format.has_value());
  EXPECT_TRUE(format->has(LogField::duration_s));
  EXPECT_TRUE(format->has(LogField::service_s));
  EXPECT_NE(format->doubt, "");
  const auto named = detect_access_log(kCombinedLine + " rt=0.042 uct=\"0.001\" urt=\"0.040\"\n");
  ASSERT_TRUE(named.has_value());
  EXPECT_TRUE(named->has(LogField::duration_s));
  EXPECT_TRUE(named->has(LogField::service_s));
  EXPECT_FALSE(named->stamps_are_arrivals);
}

TEST(LogFormat, GuessesTheUnitOfApacheByItsSize) {
  const auto field = [](const std::string& number) {
    const auto format = detect_access_log(kCombinedLine + " " + number + "\n");
    EXPECT_TRUE(format && format->stamps_are_arrivals);
    return format->pieces.back().field;
  };
  EXPECT_EQ(field("15234"), LogField::duration_us);
  EXPECT_EQ(field("0"), LogField::duration_s);
  EXPECT_EQ(field("152"), LogField::duration_ms);
}

TEST(LogFormat, DetectsTheCommonFormat) {
  const auto format =
      detect_access_log("h - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 2326\n");
  ASSERT_TRUE(format.has_value());
  EXPECT_EQ(format->name, "common");
}

TEST(LogFormat, DetectsNothingElse) {
  EXPECT_FALSE(detect_access_log("").has_value());
  EXPECT_FALSE(detect_access_log("workers = 4\n").has_value());
  EXPECT_FALSE(detect_access_log("{\"a\": 1}\n").has_value());
}

TEST(LogTime, ReadsStamps) {
  EXPECT_EQ(parse_clock("10/Oct/2000:13:55:36 -0700")->ns, kExample);
  EXPECT_EQ(parse_iso8601("2000-10-10T13:55:36-07:00")->ns, kExample);
  EXPECT_EQ(parse_iso8601("2000-10-10T20:55:36.25Z")->ns, kExample + 250 * kMs);
  EXPECT_EQ(utc_text(kExample), "2000-10-10T20:55:36Z");
  EXPECT_EQ(parse_clock("29/Feb/2024:00:00:00 +0000")->ns, 1'709'164'800 * kS);
  for (const char* bad : {"10/Oct/2000:25:55:36 -0700", "10/Oct/1600:13:55:36 -0700",
                          "10/Oct/2000:13:55:36 -9900", "10/Oct/2000-13:55:36 -0700"}) {
    EXPECT_FALSE(parse_clock(bad).has_value()) << bad;
  }
}

TEST(LogTime, ReadsDecimalsExactly) {
  EXPECT_EQ(parse_decimal("0.1", kS), 100 * kMs);
  EXPECT_EQ(parse_decimal("1.0000000019", kS), kS + 1);
  EXPECT_EQ(parse_decimal("2.0015", kMs / 1000), 2001);  // us have no picoseconds here
  EXPECT_EQ(parse_whole("999999999999999999"), 999'999'999'999'999'999);
  EXPECT_FALSE(parse_whole("9999999999999999999").has_value());
  for (const char* bad : {"", ".5", "1.", "-1", "1e3", "1,5", "99999999999999999999"}) {
    EXPECT_FALSE(parse_decimal(bad, kS).has_value()) << bad;
  }
}

}  // namespace
}  // namespace cotenant
