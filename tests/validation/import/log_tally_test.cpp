// SPDX-License-Identifier: Apache-2.0
//
// Logs as a whole: arrivals, classes, what is odd, and bounded memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/temporary_directory.h"
#include "validation/import/imported_scenario.h"
#include "validation/import/log_rows.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMs = 1'000'000, kS = 1'000'000'000;

class LogTallyTest : public ::testing::Test {
 protected:
  // Lines of "[$time_local] \"$request\" $status $request_time".
  const LogFacts& read(
      const std::string& text,
      const std::string& format = R"([$time_local] "$request" $status $request_time)") {
    directory_.write("access.log", text);
    options_.log_format = *access_log_format(format);
    const std::string file = (directory_.path() / "access.log").string();
    LogBytes bytes(file);
    imported_.logs.read(bytes, file, *options_.log_format);
    return imported_.logs.files().back();
  }
  std::vector<Arrival> rows() {
    std::vector<Arrival> rows;
    late_ = for_each_request(imported_, options_, [&](const Arrival& row) { rows.push_back(row); });
    return rows;
  }
  static std::string line(const std::string& clock, const std::string& path,
                          const std::string& took) {
    return "[10/Oct/2000:" + clock + " +0000] \"GET " + path + " HTTP/1.1\" 200 " + took + "\n";
  }

  TemporaryDirectory directory_;
  ImportOptions options_;
  Imported imported_{options_};
  std::int64_t late_ = 0;
};

TEST_F(LogTallyTest, PutsArrivalsBeforeCompletionsAndIntoOrder) {
  read(line("12:00:05", "/fast", "0.000") + line("12:00:06", "/slow", "4.000"));
  const std::vector<Arrival> all = rows();
  ASSERT_EQ(all.size(), 2u);
  // Each is alone in its second, so its stamp is the middle of it.
  EXPECT_EQ(all[0].done - all[0].at, 4 * kS);
  EXPECT_EQ(all[1].at - all[0].at, 3 * kS);
  EXPECT_EQ(all[0].at % kS, 500 * kMs);
  EXPECT_EQ(late_, 0);
}

TEST_F(LogTallyTest, SpreadsEqualStampsEvenly) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += line("12:00:05", "/", "0.000");
  const LogFacts& facts = read(text);
  EXPECT_EQ(facts.most_tied, 4);
  std::vector<std::int64_t> places;
  for (const Arrival& row : rows()) places.push_back(row.at % kS / kMs);
  EXPECT_EQ(places, (std::vector<std::int64_t>{125, 375, 625, 875}));
}

TEST_F(LogTallyTest, CountsAndShowsMalformedLines) {
  std::string text = line("12:00:05", "/", "0.001");
  for (int i = 0; i < 7; ++i) text += "garbage\n";
  const LogFacts& facts = read(text + line("12:00:06", "/", "0.001"));
  EXPECT_EQ(facts.rows, 2);
  EXPECT_EQ(facts.rejected, 7);
  ASSERT_EQ(facts.first_rejected.size(), 5u);
  EXPECT_EQ(facts.first_rejected.front().line, 2);
}

TEST_F(LogTallyTest, NoticesClockStepsAndChangesOfTheZone) {
  const LogFacts& facts = read(line("12:00:30", "/", "0.001") + line("12:00:28", "/", "0.001") +
                               line("12:00:10", "/", "0.001") +
                               "[10/Oct/2000:14:00:11 +0200] \"GET / HTTP/1.1\" 200 0.001\n");
  EXPECT_EQ(facts.steps_back, 1);  // two seconds are the disorder of worker processes
  EXPECT_EQ(facts.longest_step_back, 20 * kS);
  EXPECT_EQ(facts.zone_changes, 1);
  EXPECT_EQ(facts.last_arrival / kS % 60, 30);  // UTC all along
}

TEST_F(LogTallyTest, LeavesOutWhatNeverReachedTheApplication) {
  const LogFacts& facts = read(
      "[10/Oct/2000:12:00:05 +0000] \"GET /a HTTP/1.1\" 200 0.010\n"
      "[10/Oct/2000:12:00:05 +0000] \"GET /logo.png HTTP/1.1\" 200 -\n"
      "[10/Oct/2000:12:00:05 +0000] \"\" 400 -\n"
      "[10/Oct/2000:12:00:05 +0000] \"GET /a HTTP/1.1\" 499 0.020\n",
      R"([$time_local] "$request" $status $upstream_response_time)");
  EXPECT_EQ(facts.rows, 2);
  EXPECT_EQ(facts.no_upstream, 1);
  EXPECT_EQ(facts.not_http, 1);
  EXPECT_EQ(facts.aborted, 1);
  EXPECT_EQ(rows().size(), 2u);
}

TEST_F(LogTallyTest, ReadsGzipAndTheLastLineWithoutItsEnd) {
  std::string text = line("12:00:05", "/", "0.001");
  text.pop_back();
  EXPECT_EQ(read(text).rows, 1);
}

TEST_F(LogTallyTest, CutsLinesThatNobodyWrote) {
  const std::string longest(3'000'000, 'x');
  const LogFacts& facts =
      read(line("12:00:05", "/", "0.001") + longest + "\n" + line("12:00:06", "/", "0.001"));
  EXPECT_EQ(facts.rows, 2);
  EXPECT_EQ(facts.rejected, 1);
  EXPECT_EQ(facts.lines, 3);
  EXPECT_EQ(facts.first_rejected.front().why, "is longer than 64 KiB");
}

TEST_F(LogTallyTest, BoundsTheNumberOfNames) {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    std::string name;
    for (int n = i; n > 0 || name.empty(); n /= 26) name += static_cast<char>('a' + n % 26);
    text += line("12:00:05", "/p-" + name, "0.001");
  }
  read(text);
  EXPECT_LE(imported_.logs.classes().size(), LogTally::kMostNames + 1);
  EXPECT_TRUE(imported_.logs.left_names_out());
  const ChosenClasses chosen = choose_classes(imported_.logs, 3);
  ASSERT_EQ(chosen.classes.size(), 4u);
  EXPECT_EQ(chosen.classes.back().name, "other");
  std::int64_t sum = 0;
  for (const LogClass& each : chosen.classes) sum += each.count;
  EXPECT_EQ(sum, 3000);
}

TEST_F(LogTallyTest, AllocatesNothingForALine) {
  std::string once, thrice;
  for (int i = 0; i < 2000; ++i) {
    once += line("12:00:0" + std::to_string(i / 250), "/users/" + std::to_string(i), "0.010");
  }
  for (int i = 0; i < 3; ++i) thrice += once;
  // The same memory for one as for three times the lines: what is allocated belongs to the file.
  const auto allocations = [&](const std::string& text) {
    directory_.write("a.log", text);
    const std::string file = (directory_.path() / "a.log").string();
    LogTally tally;
    LogBytes bytes(file);
    const AccessLogFormat format =
        *access_log_format(R"([$time_local] "$request" $status $request_time)");
    const std::uint64_t before = allocations_so_far();
    tally.read(bytes, file, format);
    return allocations_so_far() - before;
  };
  const std::uint64_t few = allocations(once);
  EXPECT_LE(allocations(thrice), few + 2);
  EXPECT_LT(few, 100u);
}

TEST(ArrivalOrder, SaysWhatComesOutLate) {
  ArrivalOrder order;
  std::vector<std::int64_t> out;
  const auto emit = [&](const Arrival& row) { out.push_back(row.at / kS); };
  const auto row = [](std::int64_t at, std::int64_t done) {
    Arrival arrival;
    arrival.at = at * kS;
    arrival.done = done * kS;
    return arrival;
  };
  order.add(row(1000, 1001), emit);
  order.add(row(2000, 2001), emit);  // more than the horizon later: the first comes out
  order.add(row(900, 2002), emit);   // took 18 minutes
  order.flush(emit);
  EXPECT_EQ(out, (std::vector<std::int64_t>{1000, 900, 2000}));
  EXPECT_EQ(order.late(), 1);
}

TEST(RateBins, BecomeWiderInsteadOfMore) {
  RateBins bins;
  const std::int64_t start = 1'000'000'000 * kS;
  for (std::int64_t day = 0; day < 40; ++day) EXPECT_TRUE(bins.add(start + day * 86'400 * kS));
  EXPECT_EQ(bins.width(), 60 * kS);
  EXPECT_LE(bins.counts().size(), RateBins::kMost);
  std::int64_t sum = 0;
  for (const std::int64_t count : bins.counts()) sum += count;
  EXPECT_EQ(sum, 40);
  // A stamp of another century is refused, and changes nothing.
  EXPECT_FALSE(bins.add(start + 40LL * 365 * 86'400 * kS));
  EXPECT_EQ(bins.width(), 60 * kS);
  // Earlier ones are fine.
  EXPECT_TRUE(bins.add(start - 86'400 * kS));
}

TEST(RateBins, MeasureDispersion) {
  EXPECT_EQ(dispersion({5, 5, 5, 5}, 4), 0);
  EXPECT_DOUBLE_EQ(dispersion({0, 2}, 2), 2);  // variance 2, mean 1
  EXPECT_EQ(dispersion({}, 30), 0);
}

TEST(ClassNames, CollapseWhatIsOfAKind) {
  ClassNames names;
  const auto name = [&](std::string_view target) { return std::string(names.name("GET", target)); };
  EXPECT_EQ(name("/"), "GET (home)");
  EXPECT_EQ(name(""), "GET (home)");
  EXPECT_EQ(name("/users/123"), "GET users {id}");
  EXPECT_EQ(name("/users/123/orders"), "GET users {id} orders");
  EXPECT_EQ(name("/o/3f2504e0-4f89-11d3-9a0c-0305e82c3301/"), "GET o {id}");
  EXPECT_EQ(name("/static/js/app.3f2a9c01.js"), "GET static js {file}");
  EXPECT_EQ(name("/api/v1/ping"), "GET api v1 ping");
  EXPECT_EQ(name("http://example.org/a"), "GET a");
  EXPECT_EQ(name("/a/b/c/d/e/f/g/h"), "GET a b c d e f {more}");
  EXPECT_EQ(name("/index.html,x"), "GET index_html_x");
  EXPECT_LE(name("/" + std::string(500, 'x')).size(), 64u);
}

TEST(ClassNames, FollowRulesFirst) {
  ClassNames names({path_rule("/blog/*/comments"), path_rule("/api/**"), path_rule("/**")});
  EXPECT_EQ(names.name("GET", "/blog/hello-world/comments"), "GET blog {id} comments");
  EXPECT_EQ(names.name("GET", "/api/a/b"), "GET api {more}");
  EXPECT_EQ(names.name("POST", "/x"), "POST {more}");
}

TEST_F(LogTallyTest, SimulatesTheBusiestTimeOfALongLog) {
  // An hour with 40 a second would be 144,000 requests: below the budget. A day with few requests:
  // all of it, in intervals of five minutes.
  std::string text;
  for (int hour = 0; hour < 24; ++hour) {
    const std::string clock = (hour < 10 ? "0" : "") + std::to_string(hour) + ":30:00";
    for (int i = 0; i <= (hour == 12 ? 9 : 0); ++i) text += line(clock, "/", "0.010");
  }
  read(text);
  const ChosenTime time = choose_time(imported_.logs);
  EXPECT_TRUE(time.is_all);
  EXPECT_EQ(time.width, 300 * kS);
  EXPECT_EQ(*std::max_element(time.counts.begin(), time.counts.end()), 10);
  EXPECT_EQ(time.replications, 10);
}

}  // namespace
}  // namespace cotenant
