// SPDX-License-Identifier: Apache-2.0
//
// The CSV report: one row per setup, class and metric, quoted as RFC 4180 asks.
#include "study/writers/write_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/study/writers/write_samples.h"

namespace cotenant {
namespace {

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(WriteCsv, HasARowForEveryMetricOfEverySetup) {
  // A heading, and 16 metrics for each of 3 setups without classes.
  EXPECT_EQ(lines(write_csv(web_shop())), 1 + 3 * static_cast<std::ptrdiff_t>(kMetrics));
}

TEST(WriteCsv, HasRowsForClassesToo) {
  // Each of 8 setups has rows for all requests and for 2 classes.
  EXPECT_EQ(lines(write_csv(eight_setups())), 1 + 8 * 3 * static_cast<std::ptrdiff_t>(kMetrics));
}

TEST(WriteCsv, WritesExactNumbersAndLeavesMissingOnesEmpty) {
  const std::string text = write_csv(web_shop());
  EXPECT_EQ(text.substr(0, text.find('\n')), "setup,class,metric,unit,value,low,high");
  // 42.03 - 0.11 and 42.03 + 0.11 in binary floating point, shortest digits.
  EXPECT_NE(text.find("\nvps,,throughput,1/s,42.03,41.92,42.14\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nvps,,throttled_ratio,ratio,,,\n"), std::string::npos);
  EXPECT_NE(text.find("\nvps,,latency_max,s,0.96,,\n"), std::string::npos);
}

TEST(WriteCsv, QuotesNamesWhereItMust) {
  Report report = single_setup();
  report.setups[0].name = "a,\"b\"\nc";
  EXPECT_NE(write_csv(report).find("\n\"a,\"\"b\"\"\nc\",,latency_mean,s,0.1,,\n"),
            std::string::npos);
}

// Half of the time busy with ten IOs a second, of 10 ms each on average; a tenth of the lines lost.
TEST(WriteCsv, HasRowsForDisksThatWereUsed) {
  Report report = single_setup();
  SetupReport& setup = report.setups[0];
  setup.observed = 100;
  MachineCounters vm;
  vm.name = "vm";
  vm.disk = DiskCounters{50, 400, 600, 0, 0, 0, 2.5, 10};
  vm.log = LogCounters{1000, 100};
  setup.machines.push_back(vm);
  const std::string text = write_csv(report);
  for (const char* row :
       {"host,,vm/disk_busy,ratio,0.5,,\n", "host,,vm/disk_writes,1/s,6,,\n",
        "host,,vm/disk_queued,s,0.0025,,\n", "host,,vm/log_lines_lost,ratio,0.1,,\n"}) {
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
  vm.disk->reads = vm.disk->writes = 0;
  vm.log->lines = 0;
  setup.machines.back() = vm;
  EXPECT_EQ(write_csv(report).find("disk"), std::string::npos);
}

TEST(WriteCsv, CanLeaveOutTheHeading) {
  const std::string text = write_csv(single_setup(), {false});
  EXPECT_EQ(text.rfind("host,,latency_mean", 0), 0u);
}

}  // namespace
}  // namespace cotenant
