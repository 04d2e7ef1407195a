// SPDX-License-Identifier: Apache-2.0
//
// Student quantiles against Boost.Math, against closed forms and at the ends of their range.
#include "sim/stats/student.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

#include "sim/base/assert.h"
#include "sim/random/math.h"

namespace cotenant {
namespace {

double reference(double confidence, double degrees) {
  const boost::math::students_t law(degrees);
  return boost::math::quantile(boost::math::complement(law, (1 - confidence) / 2));
}

TEST(Student, AgreesWithBoostFromOneToAMillionDegrees) {
  std::vector<double> degrees;
  for (int d = 1; d <= 200; ++d) degrees.push_back(d);
  for (const double d : {1.5, 2.71, 63.9, 64.1, 1e3, 1e4, 1e6}) degrees.push_back(d);
  for (const double d : degrees) {
    for (const double confidence : {0.8, 0.9, 0.95, 0.99, 0.998, 0.999}) {
      const double expected = reference(confidence, d);
      EXPECT_NEAR(student_two_sided(confidence, d) / expected, 1, 5e-13) << d << ' ' << confidence;
    }
  }
}

TEST(Student, MatchesTheClosedFormOfOneAndTwoDegrees) {
  // One degree is the Cauchy law: t = tan(pi c / 2). Two: t = c sqrt(2 / (1 - c^2)).
  for (const double c : {0.01, 0.3, 0.5, 0.9, 0.99, 0.9999, 0.9999999}) {
    const double cauchy = std::tan(1.5707963267948966 * c);
    EXPECT_NEAR(student_two_sided(c, 1) / cauchy, 1, 1e-9) << c;
    EXPECT_NEAR(student_two_sided(c, 2) / (c * std::sqrt(2 / (1 - c * c))), 1, 1e-9) << c;
  }
}

TEST(Student, ApproachesTheNormalLaw) {
  // t - z = (z^3 + z) / (4 dof) + ... : below 1e-11 for 10^12 degrees.
  for (const double p : {0.6, 0.9, 0.975, 0.9995}) {
    EXPECT_NEAR(student_quantile(p, 1e12), math::normal_quantile(p), 1e-10) << p;
  }
}

TEST(Student, IsSymmetricAndZeroAtTheMedian) {
  for (const double d : {1.0, 7.0, 300.0}) {
    EXPECT_EQ(student_quantile(0.5, d), 0.0);
    EXPECT_EQ(student_two_sided(0, d), 0.0);
    EXPECT_EQ(student_quantile(0.25, d), -student_quantile(0.75, d));
    // The two-sided 95 % factor is the one-sided 97.5 % factor, up to the rounding of 1 - 0.975.
    EXPECT_NEAR(student_two_sided(0.95, d) / student_quantile(0.975, d), 1, 1e-13);
  }
}

TEST(Student, BearsExtremeConfidence) {
  // 1 - 1e-12 is itself rounded by 1e-16, that is by 1e-4 of the tail.
  for (const double d : {1.0, 3.0, 20.0, 1e5}) {
    const double confidence = 1 - 1e-12;
    EXPECT_NEAR(student_two_sided(confidence, d) / reference(confidence, d), 1, 2e-4) << d;
  }
}

TEST(Student, RefusesWhatHasNoQuantile) {
  EXPECT_THROW(student_two_sided(1, 5), Bug);
  EXPECT_THROW(student_two_sided(-0.1, 5), Bug);
  EXPECT_THROW(student_two_sided(0.95, 0.5), Bug);
  EXPECT_THROW(student_two_sided(0.95, std::nan("")), Bug);
  EXPECT_THROW(student_quantile(0, 5), Bug);
  EXPECT_THROW(student_quantile(1, 5), Bug);
}

}  // namespace
}  // namespace cotenant
