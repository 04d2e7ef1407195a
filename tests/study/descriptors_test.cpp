// SPDX-License-Identifier: Apache-2.0
//
// File descriptors as scenarios say them: nginx without one, and what was measured of gunicorn's
// workers (docs/models/sockets.md). Nothing costs anything but what the steps say.
#include <gtest/gtest.h>

#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

// So many requests at once, which wait so long.
RunRecord run_of(const std::string& web, int requests, const std::string& wait) {
  const std::string steps = R"("steps": [{"wait": ")" + wait + "\"}]";
  const std::string text =
      R"({"format": 1, "name": "descriptors", "workload": {"requests": {"page": {
      "service": "web", )" +
      steps + R"(, "arrivals": {"kind": "schedule", "first": "0s", "batch": {"size": )" +
      std::to_string(requests) + R"(}}}}}, "application": {"web": )" + web +
      R"(}, "setups": {"one": {"machine": {"cores": 8, "scheduler": "fluid"}}}})";
  return run_text(text, seconds(40));
}

std::uint64_t count(const RunRecord& record, Outcome outcome) {
  return record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(outcome)];
}

std::string nginx(int nofile) {
  return R"({"server": "nginx", "overhead": "none", "upstream": {"api": {}}, "nofile": )" +
         std::to_string(nofile) +
         R"(}, "api": {"server": "gunicorn-sync", "workers": 4, "overhead": "none"})";
}

// 9 of its own, and two for the first request: the second one is accepted half a second later.
TEST(Descriptors, MakeNginxWait) {
  const RunRecord record = run_of(nginx(11), 2, "100ms");
  EXPECT_EQ(count(record, Outcome::completed), 2u);
  EXPECT_EQ(record.classes[ClassId(0)].latency.max(), milliseconds(600));
}

// With one more it is accepted at once, and there is none for the server behind.
TEST(Descriptors, MakeNginxFail) {
  const RunRecord record = run_of(nginx(12), 2, "100ms");
  EXPECT_EQ(count(record, Outcome::error_500), 1u);
  EXPECT_EQ(record.classes[ClassId(0)].latency.max(), milliseconds(100));
}

// Measured with a limit of 14, two threads and requests of 6 s, of which there were seven: four are
// served until 12 s, and the others by the next worker, which boots in between.
TEST(Descriptors, EndGthreadWorkersAsMeasured) {
  const RunRecord record = run_of(
      R"({"server": "gunicorn-gthread", "workers": 1, "threads": 2, "overhead": "none",
          "nofile": 14, "gil": false})",
      7, "6s");
  EXPECT_EQ(count(record, Outcome::completed), 7u);
  const Duration last = record.classes[ClassId(0)].latency.max();
  EXPECT_GT(last, seconds(24));
  EXPECT_LT(last, milliseconds(24'500));
}

// The same with greenlets, of which three have a connection.
TEST(Descriptors, MakeGreenletsWaitAsMeasured) {
  const RunRecord record = run_of(
      R"({"server": "gunicorn-gevent", "workers": 1, "overhead": "none", "nofile": 14})", 7, "6s");
  EXPECT_EQ(count(record, Outcome::completed), 7u);
  EXPECT_GT(record.classes[ClassId(0)].latency.max(), seconds(18));
  EXPECT_LT(record.classes[ClassId(0)].latency.max(), seconds(20));
}

}  // namespace
}  // namespace cotenant
