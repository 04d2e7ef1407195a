// SPDX-License-Identifier: Apache-2.0
//
// Files that nginx sends by itself, held against what nginx 1.22.1 with one process was measured to
// need (python-servers.md section 5): 20 us of CPU for 1 KiB on a connection that stays, 38 us on a
// new one, 26 us for 100 KiB.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

struct Case {
  std::string request = R"("file": "1KiB")";
  std::string arrivals = R"({"kind": "closed", "users": 8, "think": "1us"})";
  std::string clients = "{}";
  std::string proxy = "";
};

RunRecord run_of(const Case& test) {
  const std::string text =
      R"({"format": 1, "name": "files", "workload": {"arrivals": )" + test.arrivals +
      R"(, "requests": {"logo": {)" + test.request + R"(, "service": "proxy"}}, "clients": )" +
      test.clients + R"(}, "application": {"proxy": {"server": "nginx", )" + test.proxy +
      R"("upstream": {"web": {}}}, "web": {"server": "gunicorn-sync", "workers": 1}},
      "setups": {"one": {"machine": {"cores": 1}}}})";
  return run_text(text, seconds(1));
}

std::uint64_t count_of(const RunRecord& record, Outcome outcome) {
  return record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(outcome)];
}

// Of a process that never rests: the measured CPU of one request.
double microseconds_per_file(const Case& test) {
  return 1e6 / static_cast<double>(count_of(run_of(test), Outcome::completed));
}

const std::string kKept = R"({"keep_alive": {"connections": "per_user"}})";

// A connection is closed after 1,000 requests, which is 0.02 us for each of them.
TEST(StaticFiles, CostWhatWasMeasured) {
  EXPECT_NEAR(microseconds_per_file({.clients = kKept}), 20, 0.1);
  EXPECT_NEAR(microseconds_per_file({}), 38, 0.1);
  EXPECT_NEAR(microseconds_per_file({.request = R"("file": "100KiB")", .clients = kKept}), 26, 0.1);
}

TEST(StaticFiles, AreNotPassedOn) {
  const RunRecord record = run_of({});
  ASSERT_EQ(record.classes.size(), 1u);  // none of the server behind the proxy
  EXPECT_GT(count_of(record, Outcome::completed), 0u);
}

// 100 kB at 8 Mbit/s take 100 ms, and each of four clients that come at once has a link of its own.
TEST(StaticFiles, WaitForSlowClientsWithoutHoldingOthersUp) {
  const Case test{
      .request = R"("file": "100kB")",
      .arrivals = R"({"kind": "schedule", "first": "1ms", "every": "500ms", "batch": {"size": 4}})",
      .clients = R"({"download": "8Mbit/s"})"};
  const RunRecord record = run_of(test);
  ASSERT_EQ(record.requests.size(), 8u);
  for (const LoggedRequest& request : record.requests) {
    EXPECT_NEAR(static_cast<double>((request.end - request.arrival).count()) / 1e6, 100, 1);
  }
}

// As every other request: 6 of 12 pass a bucket of 5 more than one.
TEST(StaticFiles, MeetTheLimitsOfTheProxy) {
  const Case test{.arrivals = R"({"kind": "schedule", "first": "1ms", "batch": {"size": 12}})",
                  .proxy = R"("limit_req": {"rate": "1/s", "burst": 5, "nodelay": true}, )"};
  const RunRecord record = run_of(test);
  EXPECT_EQ(count_of(record, Outcome::completed), 6u);
  EXPECT_EQ(count_of(record, Outcome::rejected_503), 6u);
}

}  // namespace
}  // namespace cotenant
