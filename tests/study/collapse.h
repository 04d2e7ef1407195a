// SPDX-License-Identifier: Apache-2.0
//
// What a report shows when retries keep an overload alive, and when they do not. Offered is the
// rate of requests, without the attempts after the first. Nearly all requests make all attempts
// that they may; those underway at the end of a run have not made all of them yet.
#pragma once

#include <gtest/gtest.h>

#include "tests/study/shipped.h"

namespace cotenant {

inline void expect_collapse(const SetupReport& setup, double offered, int retries) {
  EXPECT_LT(value(setup, Metric::throughput), 0.1 * offered) << setup.name;
  EXPECT_GT(value(setup, Metric::error_ratio), 0.9) << setup.name;
  EXPECT_GT(value(setup, Metric::attempts_per_request), retries) << setup.name;
  EXPECT_GT(value(setup, Metric::cpu_utilization), 0.99) << setup.name;
}

inline void expect_recovery(const SetupReport& setup, double offered) {
  EXPECT_NEAR(value(setup, Metric::throughput), offered, 0.05 * offered) << setup.name;
  EXPECT_LT(value(setup, Metric::error_ratio), 0.001) << setup.name;
  EXPECT_LT(value(setup, Metric::attempts_per_request), 1.01) << setup.name;
  EXPECT_LT(value(setup, Metric::latency_p95), 1) << setup.name;
}

}  // namespace cotenant
