// SPDX-License-Identifier: Apache-2.0
//
// Each check is shown one capture that is in order and one that is spoiled in its way only.
#include "validation/calibration/capture_checks.h"

#include <gtest/gtest.h>

#include "tests/validation/calibration/synthetic_capture.h"

namespace cotenant {
namespace {

Capture good() {
  SyntheticOptions options;
  options.classes = {{"a", 20, 0.02, 1}, {"b", 5, 0.1, 1}};
  options.seconds = 60;
  options.request_cpu = true;
  return synthetic_capture(options);
}

CaptureCheck check(const Capture& capture, std::string_view name) {
  for (const CaptureCheck& found : check_capture(capture, "web")) {
    if (found.name == name) return found;
  }
  return {"none of that name", CheckResult::failed, ""};
}

void expect_failure(const Capture& capture, std::string_view name, std::string_view words) {
  const CaptureCheck found = check(capture, name);
  EXPECT_EQ(found.result, CheckResult::failed) << found.name << ": " << found.sentence;
  EXPECT_NE(found.sentence.find(words), std::string::npos) << found.sentence;
  EXPECT_TRUE(any_failed(check_capture(capture, "web")));
}

TEST(CaptureChecks, PassACaptureThatIsInOrder) {
  for (const CaptureCheck& found : check_capture(good(), "web")) {
    EXPECT_EQ(found.result, CheckResult::passed) << found.name << ": " << found.sentence;
  }
  EXPECT_FALSE(any_failed(check_capture(good(), "web")));
}

TEST(CaptureChecks, FindReplyBeforeArrival) {
  Capture capture = good();
  capture.requests[50].done = capture.requests[50].arrival - milliseconds(3);
  expect_failure(capture, "clock of requests", "before they came, by up to 3.00 ms");
  expect_failure(capture, "Little's law", "stamps of different requests");
}

TEST(CaptureChecks, FindAClockThatWasSetBack) {
  Capture capture = good();
  std::swap(capture.requests[50].arrival, capture.requests[40].arrival);
  capture.requests[50].done += seconds(1);
  capture.requests[40].done += seconds(1);
  expect_failure(capture, "clock of requests", "not in order of arrival");
}

TEST(CaptureChecks, FindRepliesWithoutRequests) {
  Capture capture = good();
  capture.requests[0].arrival += seconds(30);
  capture.requests[0].done = milliseconds(1);
  expect_failure(capture, "completions", "1 replies to 0 requests");
}

TEST(CaptureChecks, FindCountersOfAnotherGroup) {
  Capture capture = good();
  for (GroupSample& sample : capture.groups[0].samples) sample.cpu = sample.cpu / 2;
  expect_failure(capture, "CPU accounting", "counted in another group");
  EXPECT_EQ(check_capture(capture, "db").back().sentence.substr(0, 40),
            "There are no counters of a group \"db\": w");
}

TEST(CaptureChecks, FindMoreCpuThanThereIs) {
  Capture capture = good();
  for (std::size_t i = 30; i < capture.groups[0].samples.size(); ++i) {
    capture.groups[0].samples[i].cpu += CpuTime(10'000'000'000);
  }
  expect_failure(capture, "CPU capacity", "Before 30.0 s \"web\" used 1");
}

TEST(CaptureChecks, FindCountersThatFall) {
  Capture capture = good();
  capture.groups[0].samples[30].cpu = CpuTime(1);
  expect_failure(capture, "clock of counters", "At 30.0 s counters of \"web\" fell");
  capture = good();
  capture.groups[0].samples[30].at = seconds(29);
  expect_failure(capture, "clock of counters", "the clock was set back");
  capture.groups[0].samples.clear();
  expect_failure(capture, "clock of counters", "There are 0 samples");
}

TEST(CaptureChecks, CountSamplesThatAreMissing) {
  Capture capture = good();
  std::vector<GroupSample>& samples = capture.groups[0].samples;
  samples.erase(samples.begin() + 20, samples.begin() + 22);
  EXPECT_EQ(check(capture, "missing samples").result, CheckResult::warned);
  EXPECT_EQ(check(capture, "missing samples").sentence,
            "3 % of the samples are missing; the longest gap is 3.00 s.");
  samples.erase(samples.begin() + 20, samples.begin() + 30);
  expect_failure(capture, "missing samples", "the longest gap is 13.0 s");
}

TEST(CaptureChecks, WarnOfStampsThatAreTooCoarse) {
  Capture capture = good();
  capture.resolution = seconds(1);
  EXPECT_EQ(check(capture, "resolution of stamps").result, CheckResult::warned);
  EXPECT_FALSE(any_failed(check_capture(capture, "web")));
}

TEST(CaptureChecks, WarnWhenServiceIncludesTheWaitForAWorker) {
  Capture capture = good();
  capture.server.workers = 2;
  EXPECT_EQ(check(capture, "workers").result, CheckResult::passed);  // no service times: unknown
  for (CapturedRequest& request : capture.requests)
    request.service = request.done - request.arrival;
  EXPECT_EQ(check(capture, "workers").result, CheckResult::warned);
}

TEST(CaptureChecks, RefuseAHandfulOfRequests) {
  Capture capture = good();
  capture.requests.resize(20);
  expect_failure(capture, "amount", "20 requests are too few");
}

TEST(CaptureChecks, SayThatARecorderEndedEarly) {
  Capture capture = good();
  capture.complete = false;
  EXPECT_EQ(check(capture, "completeness").result, CheckResult::warned);
}

}  // namespace
}  // namespace cotenant
