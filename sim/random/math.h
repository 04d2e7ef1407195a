// SPDX-License-Identifier: Apache-2.0
//
// Elementary functions that give the same bits on every machine: only + - * / and sqrt (which IEEE
// 754 rounds exactly) and bit operations. The C library promises no such thing: glibc's log differs
// in the last bit with and without FMA. Relative error about 1e-15, tested; no errno, no rounding
// modes, no signed zeros. Arguments outside a domain are programmer errors. The polynomials are
// near-minimax fits made for this file with 300-bit arithmetic.
#pragma once

#include <bit>
#include <cfloat>
#include <cstdint>
#include <limits>

#include "sim/base/assert.h"

namespace cotenant::math {

static_assert(std::numeric_limits<double>::is_iec559, "the bit operations below assume binary64");
static_assert(FLT_EVAL_METHOD == 0, "excess precision would change the last bits of results");

// ln 2 in two parts. The first has 40 bits, so its product with a binary exponent is exact.
inline constexpr double kLn2High = 0x1.62e42fefa2p-1;
inline constexpr double kLn2Low = 0x1.9ef35793c7673p-41;

// Logarithm of a positive subnormal number; everything else that log() refuses is a Bug.
double log_of_subnormal(double x);

// Natural logarithm of a finite x > 0. Inline because every exponential gap and demand needs one.
inline double log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  constexpr std::uint64_t kSmallestNormal = 0x0010000000000000u;
  constexpr std::uint64_t kInfinity = 0x7ff0000000000000u;
  if (__builtin_expect(bits - kSmallestNormal >= kInfinity - kSmallestNormal, 0)) {
    return log_of_subnormal(x);
  }
  // x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), which keeps f small on both sides of 1.
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
  const std::int64_t k = static_cast<std::int64_t>(bits - kSqrtHalf) >> 52;
  const double f = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(k) << 52)) - 1.0;
  // log(1 + f) = 2 atanh(s) = 2 s + s z P(z), where s = f / (2 + f) and z = s^2. P is fitted on
  // [0, 0.02944] with an error of 3.1e-16, which is 4.6e-18 of the result.
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  const double p01 = 0.666666666666667 + z * 0.39999999999899444;
  const double p23 = 0.2857142862600327 + z * 0.22222211130259878;
  const double p45 = 0.18182889455674947 + z * 0.15331710618210773;
  const double p = p01 + z2 * (p23 + z2 * (p45 + z2 * 0.14616585424888623));
  // 2 s = f - s f with the exact f kept apart, so the rounding error of s counts only through s f.
  const double half_square = 0.5 * f * f;
  const double exponent = static_cast<double>(k);
  const double correction = s * (half_square + z * p) + exponent * kLn2Low;
  return exponent * kLn2High - ((half_square - correction) - f);
}

// Infinity above 709.78, gradually zero below -708.4.
double exp(double x);
// exp(x) - 1 and log(1 + x), x > -1, without cancellation near 0.
double expm1(double x);
double log1p(double x);
// x > 0; relative error about (1 + |y log x|) 2e-16.
double pow(double x, double y);
// Logarithm of the gamma function, x > 0; absolute error below 1e-14 for x < 8, beyond that
// relative error 1e-15.
double log_gamma(double x);
// P(Z <= x) for a standard normal Z; relative error below 1e-14 in both tails down to -6.
double normal_cdf(double x);
// Its inverse, 0 < p < 1; relative error below 2e-15.
double normal_quantile(double p);

}  // namespace cotenant::math
