// SPDX-License-Identifier: Apache-2.0
//
// The tail of Student's t is an incomplete beta function, P(|T| > t) = I_x(dof/2, 1/2), x =
// dof/(dof + t^2). Both it and its complement have a hypergeometric series with positive terms only
// (DLMF 8.17.8), so nothing cancels at any number of degrees of freedom; the quantile follows by
// Newton's method.
#include "sim/stats/student.h"

#include <cmath>
#include <limits>

#include "sim/base/assert.h"
#include "sim/random/math.h"

namespace cotenant {
namespace {

constexpr double kPi = 3.14159265358979323846;

// Gamma(x + 1/2) / Gamma(x): the asymptotic series (Tricomi and Erdelyi, Pacific J. Math. 1, 1951),
// reached by the recurrence of the gamma function. At x >= 32 the first omitted term is below
// 2e-16.
double gamma_ratio(double x) {
  double factor = 1;
  while (x < 32) {
    factor *= x / (x + 0.5);
    x += 1;
  }
  constexpr double kSeries[] = {
      1.0,           -1.0 / 8,        1.0 / 128,       5.0 / 1024,
      -21.0 / 32768, -399.0 / 262144, 869.0 / 4194304, 39325.0 / 33554432};
  double sum = 0;
  double power = 1;
  for (const double coefficient : kSeries) {
    sum += coefficient * power;
    power /= x;
  }
  return factor * std::sqrt(x) * sum;
}

// 1 + x p/q (1 + x (p+1)/(q+1) (1 + ...)), the hypergeometric series F(p, 1; q; x) for 0 <= x < 1.
double hypergeometric(double p, double q, double x) {
  double sum = 1;
  double term = 1;
  for (int k = 0; term > sum * 1e-17; ++k) {
    term *= x * (p + k) / (q + k);
    sum += term;
  }
  return sum;
}

struct Tail {
  double probability;  // P(|T| > t)
  double density;      // minus its derivative
};

Tail tail_beyond(double t, double dof, double ratio) {
  const double a = dof / 2;
  const double u = t * t / dof;
  const double x = 1 / (1 + u);
  const double y = u / (1 + u);
  // x^a by log1p: half a million degrees of freedom would multiply the rounding of 1 + u by as
  // much.
  const double power = math::exp(-a * math::log1p(u));
  const double inverse_beta = ratio / std::sqrt(kPi);  // 1 / B(a, 1/2)
  const double factor = std::sqrt(y) * power * inverse_beta;
  // Each series is used where its argument is at most one half.
  const double probability = u >= 1 ? factor / a * hypergeometric(a + 0.5, a + 1, x)
                                    : 1 - 2 * factor * hypergeometric(a + 0.5, 1.5, y);
  return {probability, 2 * inverse_beta * power * std::sqrt(x / dof)};
}

// The t > 0 with P(|T| > t) = alpha. The tail is decreasing and convex, so Newton's method climbs
// from 0 towards the root and never passes it. A step at worst halves the tail of one degree of
// freedom, and more than halves the others: 200 are never needed for a double.
double critical_value(double alpha, double dof) {
  COTENANT_ASSERT(alpha > 0 && alpha <= 1);
  COTENANT_ASSERT(dof >= 1 && dof <= std::numeric_limits<double>::max());
  const double ratio = gamma_ratio(dof / 2);
  double t = 0;
  for (int i = 0; i < 200; ++i) {
    const Tail tail = tail_beyond(t, dof, ratio);
    const double step = (tail.probability - alpha) / tail.density;
    t += step;
    if (!(step > t * 1e-15)) break;
  }
  return t;
}

}  // namespace

double student_two_sided(double confidence, double degrees_of_freedom) {
  COTENANT_ASSERT(confidence >= 0 && confidence < 1);
  return critical_value(1 - confidence, degrees_of_freedom);
}

double student_quantile(double p, double degrees_of_freedom) {
  COTENANT_ASSERT(p > 0 && p < 1);
  return p < 0.5 ? -critical_value(2 * p, degrees_of_freedom)
                 : critical_value(2 * (1 - p), degrees_of_freedom);
}

}  // namespace cotenant
