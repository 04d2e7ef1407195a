// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/windows.h"

#include <gtest/gtest.h>

#include "tests/validation/calibration/synthetic_capture.h"
#include "validation/calibration/captured_scenario.h"

namespace cotenant {
namespace {

Capture five_seconds() {
  Capture capture;
  capture.classes = {"a", "b"};
  GroupSeries series;
  for (int i = 0; i <= 5; ++i) {
    GroupSample sample;
    sample.at = seconds(i);
    sample.cpu = CpuTime(i * i * 1'000'000'000LL);
    sample.write_ios = 10 * i;
    series.samples.push_back(sample);
  }
  capture.groups.push_back(series);
  return capture;
}

CapturedRequest request(Duration arrival, Duration done, std::uint32_t which) {
  CapturedRequest r;
  r.arrival = arrival;
  r.done = done;
  r.class_index = which;
  return r;
}

TEST(UsageWindows, AreDifferencesOfCounters) {
  const Capture capture = five_seconds();
  const UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(2));
  ASSERT_EQ(windows.count(), 2u);  // 0..2, 2..4; the last second is not a whole window
  EXPECT_EQ(windows.used(0), 4);
  EXPECT_EQ(windows.used(1), 12);
  EXPECT_EQ(usage_windows(capture, capture.groups[0], Resource::writes, seconds(2)).used(1), 20);
}

TEST(UsageWindows, CountARequestByTheShareOfItsLife) {
  Capture capture = five_seconds();
  capture.requests.push_back(request(milliseconds(1'500), milliseconds(3'500), 1));
  capture.requests.push_back(
      request(milliseconds(2'000), milliseconds(2'000), 0));  // in an instant
  capture.requests.push_back(request(milliseconds(4'500), milliseconds(6'500), 0));  // a quarter
  const UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(1));
  EXPECT_EQ(windows.requests.col(1).transpose(),
            (Eigen::Matrix<double, 1, 5>() << 0, 0.25, 0.5, 0.25, 0).finished());
  EXPECT_EQ(windows.requests(2, 0), 1);
  EXPECT_EQ(windows.requests(4, 0), 0.25);
}

TEST(UsageWindows, CountOnlyTheTimeWithTheApplication) {
  Capture capture = five_seconds();
  capture.requests.push_back(request(seconds(0), seconds(4), 0));
  capture.requests.back().service = seconds(1);  // the rest it waited in the proxy
  const UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(1));
  EXPECT_EQ(windows.requests(3, 0), 1);
  EXPECT_EQ(windows.requests.sum(), 1);
}

TEST(WindowLength, IsTwentyMeanResponses) {
  Capture capture = five_seconds();
  capture.requests.push_back(request(seconds(0), milliseconds(200), 0));
  EXPECT_EQ(window_length(capture, capture.groups[0]), seconds(4));
  capture.requests.back().done = milliseconds(1);
  EXPECT_EQ(window_length(capture, capture.groups[0]), seconds(2));  // two samples
}

TEST(StolenShare, IsOfTheTimeOfAllCpus) {
  Capture capture = five_seconds();
  EXPECT_FALSE(stolen_share(capture));  // nobody recorded the machine
  capture.machine.cores = 2;
  capture.host.push_back({});
  capture.host.push_back({});
  capture.host.back().at = seconds(5);
  capture.host.back().stolen = CpuTime(500'000'000);
  EXPECT_DOUBLE_EQ(*stolen_share(capture), 0.05);
}

TEST(LeftOut, NamesOthersAndTheHypervisor) {
  Capture capture = five_seconds();
  capture.server.group = capture.groups[0].group.name;
  capture.machine.cores = 2;
  EXPECT_EQ(what_is_left_out(capture), "");
  capture.host.push_back({});
  capture.host.push_back({});
  capture.host.back().at = seconds(5);
  capture.host.back().busy = CpuTime(25'000'000'000);  // that of the application
  EXPECT_EQ(what_is_left_out(capture), "");
  capture.host.back().stolen = CpuTime(500'000'000);
  const std::string why = ", which is left out: what that held back looks like waiting";
  EXPECT_EQ(what_is_left_out(capture), "the hypervisor took 5 % of its CPU time away" + why);
  capture.host.back().busy = CpuTime(28'000'000'000);
  EXPECT_EQ(
      what_is_left_out(capture),
      "others used 0.6 of its 2 cores, and the hypervisor took 5 % of its CPU time away" + why);
}

TEST(UsageWindows, AddUpToAllRequestsWithinTheSamples) {
  const Capture capture = synthetic_capture({{{"a", 20, 0.02, 1}, {"b", 5, 0.1, 1}}});
  const UsageWindows windows = usage_windows(capture, capture.groups[0], Resource::cpu, seconds(5));
  EXPECT_NEAR(windows.requests.sum(), static_cast<double>(capture.requests.size()), 2);
  EXPECT_NEAR(windows.used.sum(), in_seconds(capture.groups[0].samples.back().cpu), 1e-9);
}

}  // namespace
}  // namespace cotenant
