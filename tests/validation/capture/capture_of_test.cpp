// SPDX-License-Identifier: Apache-2.0
//
// A recorded experiment as a capture has what a tenant's kernel and server could say.
#include "validation/capture/capture_of.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace cotenant {
namespace {

Capture capture_of_recording(const std::string& name) {
  const Checked<Bundle> bundle =
      read_bundle(std::string(COTENANT_SOURCE_DIR) + "/validation/data/" + name);
  EXPECT_TRUE(bundle.ok());
  Checked<Capture> capture = capture_of(*bundle);
  EXPECT_TRUE(capture.ok()) << render(capture.diagnostics(), name);
  return std::move(capture).value();
}

TEST(CaptureOf, HasTheRequestsOfAnExperimentWithTheirCpu) {
  const Capture capture = capture_of_recording("E1_det_r30_s1");
  EXPECT_EQ(capture.server.kind, "gunicorn-sync");
  EXPECT_EQ(capture.server.workers, 1);
  EXPECT_EQ(capture.machine.cores, 1);
  ASSERT_GT(capture.requests.size(), 100u);
  CpuTime cpu;
  for (const CapturedRequest& request : capture.requests) {
    EXPECT_LE(request.arrival, request.done);
    ASSERT_TRUE(request.cpu && request.service && request.worker);
    cpu += *request.cpu;
  }
  // Each request has 5 ms of Python to compute.
  const auto requests = static_cast<std::int64_t>(capture.requests.size());
  EXPECT_NEAR(static_cast<double>((cpu / requests).count()), 5e6, 0.1e6);
  // The rest of what the group used is the server's own.
  const CpuTime all = capture.groups[0].samples.back().cpu;
  EXPECT_GT(all, cpu);
  EXPECT_LT(all, cpu * 2);
}

TEST(CaptureOf, WeightsAreThoseOfTheKernelsTable) {
  EXPECT_EQ(weight_of_shares(1024), 100);
  EXPECT_EQ(weight_of_shares(4096), 400);
  EXPECT_EQ(weight_of_shares(2), 1);
  EXPECT_EQ(weight_of_shares(262'144), 10'000);
}

}  // namespace
}  // namespace cotenant
