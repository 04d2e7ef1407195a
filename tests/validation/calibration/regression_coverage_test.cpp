// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/calibration/regression_coverage.h"

namespace cotenant {
namespace {

TEST(DemandRegression, CoversTheTruthAsOftenAsItSays) {
  const double coverage = regression_coverage(200);
  EXPECT_GE(coverage, 0.84);
  EXPECT_LE(coverage, 0.96);
}

}  // namespace
}  // namespace cotenant
