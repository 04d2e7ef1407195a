// SPDX-License-Identifier: Apache-2.0
//
// The functions that are not inline. Sources: exp, reduction by multiples of ln 2 and a fitted
// polynomial; log1p and expm1, the correction by W. Kahan ("Mathematics Written in Sand", 1983);
// log_gamma, Stirling's series (Abramowitz and Stegun 6.1.41); normal_cdf, the series 26.2.11 and
// the continued fraction 26.2.14 of the same book; normal_quantile, algorithm AS 241 PPND16 (M. J.
// Wichura, Applied Statistics 37, 1988).
#include "sim/random/math.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace cotenant::math {

namespace {

constexpr double kHalfLog2Pi = 0.9189385332046728;      // log(2 pi) / 2
constexpr double kInverseSqrt2Pi = 0.3989422804014327;  // 1 / sqrt(2 pi)

// Coefficients from the constant upwards. Neighbors are paired, c0 + c1 x, and the pairs are a
// polynomial in x^2 (Estrin): half the depth of Horner's rule, and the processor works in parallel.
template <std::size_t n>
double polynomial(const std::array<double, n>& coefficients, double x) {
  if constexpr (n == 1) {
    return coefficients[0];
  } else {
    std::array<double, (n + 1) / 2> pairs{};
    for (std::size_t i = 0; i < n / 2; ++i) {
      pairs[i] = coefficients[2 * i] + coefficients[2 * i + 1] * x;
    }
    if constexpr (n % 2 != 0) pairs[n / 2] = coefficients[n - 1];
    return polynomial(pairs, x * x);
  }
}

// 2^k for a normal result.
double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

}  // namespace

double log_of_subnormal(double x) {
  COTENANT_ASSERT(x > 0 && x <= std::numeric_limits<double>::max());
  // 2^54 makes every subnormal number normal, exactly.
  constexpr double kExponent = 54;
  return (log(x * 0x1p54) - kExponent * kLn2High) - kExponent * kLn2Low;
}

double exp(double x) {
  COTENANT_ASSERT(x == x);
  // Beyond these the result rounds to infinity or to zero: 1024 ln 2 and -1075 ln 2, a little
  // outward.
  if (x > 709.8) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  // Adding 1.5 * 2^52 leaves the nearest integer in the low bits of the significand.
  constexpr double kShift = 0x1.8p52;
  constexpr double kInverseLn2 = 1.4426950408889634;
  const double shifted = x * kInverseLn2 + kShift;
  const double rounded = shifted - kShift;
  const auto k = static_cast<std::int64_t>(rounded);
  const double high = x - rounded * kLn2High;
  const double low = rounded * kLn2Low;
  const double r = high - low;
  // exp(r) = 1 + r + r^2 Q(r) for |r| <= ln(2) / 2; Q is fitted with an error of 1.7e-19 of the
  // result.
  constexpr std::array<double, 11> kQ = {0.5,
                                         0.1666666666666667,
                                         0.04166666666666667,
                                         0.008333333333326136,
                                         0.0013888888888883748,
                                         0.00019841269874820627,
                                         2.4801587325547743e-05,
                                         2.7557255400206422e-06,
                                         2.75572736431103e-07,
                                         2.5105217004720745e-08,
                                         2.0914686968086876e-09};
  // The part of r that the subtraction rounded away is added back.
  const double lost = (high - r) - low;
  const double value = 1.0 + (r + (lost + r * r * polynomial(kQ, r)));
  // Two steps, because 2^k alone may be subnormal or infinite where the result is neither.
  const std::int64_t half = k / 2;
  return value * power_of_two(half) * power_of_two(k - half);
}

double expm1(double x) {
  const double grown = exp(x);
  if (grown == 1.0) return x;
  const double difference = grown - 1.0;
  if (difference == -1.0 || grown > std::numeric_limits<double>::max()) return difference;
  // Both the difference and the logarithm carry the rounding error of exp, and it cancels.
  return difference * (x / log(grown));
}

double log1p(double x) {
  COTENANT_ASSERT(x > -1.0);
  const double sum = 1.0 + x;
  if (sum == 1.0) return x;
  return log(sum) * (x / (sum - 1.0));
}

double pow(double x, double y) { return exp(y * log(x)); }

double log_gamma(double x) {
  COTENANT_ASSERT(x > 0);
  // Stirling's series is good to 1e-17 from 8 on; below, gamma(x) = gamma(x + n) / (x ... (x + n -
  // 1)).
  double product = 1.0;
  while (x < 8.0) {
    product *= x;
    x += 1.0;
  }
  // B(2k) / (2k (2k - 1)) for k = 1, 2, ..., with B the Bernoulli numbers.
  constexpr std::array<double, 9> kStirling = {1.0 / 12,    -1.0 / 360,       1.0 / 1260,
                                               -1.0 / 1680, 1.0 / 1188,       -691.0 / 360360,
                                               1.0 / 156,   -3617.0 / 122400, 43867.0 / 244188};
  const double series = polynomial(kStirling, 1.0 / (x * x)) / x;
  return ((x - 0.5) * log(x) - x + (kHalfLog2Pi + series)) - log(product);
}

double normal_cdf(double x) {
  const double size = std::fabs(x);
  const double density = kInverseSqrt2Pi * exp(-0.5 * size * size);
  if (size < 1.5) {
    // x + x^3 / 3 + x^5 / (3 5) + ...: below 1.5, 30 terms leave less than 1e-20.
    double term = x;
    double sum = x;
    for (int n = 1; n < 30; ++n) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + density * sum;
  }
  // 1 / (x + 1 / (x + 2 / (x + ...))), from the inside. From x = 1.5 on, 200 levels give full
  // precision; nothing that runs often calls this.
  double fraction = size;
  for (int level = 200; level > 0; --level) fraction = size + level / fraction;
  const double tail = density / fraction;
  return x > 0 ? 1.0 - tail : tail;
}

double normal_quantile(double p) {
  COTENANT_ASSERT(p > 0 && p < 1);
  constexpr std::array<double, 8> kA = {
      3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
  constexpr std::array<double, 8> kB = {1.0,
                                        42.313330701600911252,
                                        687.18700749205790830,
                                        5394.1960214247511077,
                                        21213.794301586595867,
                                        39307.895800092710610,
                                        28729.085735721942674,
                                        5226.4952788528545610};
  constexpr std::array<double, 8> kC = {1.42343711074968357734,    4.63033784615654529590,
                                        5.76949722146069140550,    3.64784832476320460504,
                                        1.27045825245236838258,    2.41780725177450611770e-1,
                                        2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr std::array<double, 8> kD = {1.0,
                                        2.05319162663775882187,
                                        1.67638483018380384940,
                                        6.89767334985100004550e-1,
                                        1.48103976427480074590e-1,
                                        1.51986665636164571966e-2,
                                        5.47593808499534494600e-4,
                                        1.05075007164441684324e-9};
  constexpr std::array<double, 8> kE = {6.65790464350110377720,    5.46378491116411436990,
                                        1.78482653991729133580,    2.96560571828504891230e-1,
                                        2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                        2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr std::array<double, 8> kF = {1.0,
                                        5.99832206555887937690e-1,
                                        1.36929880922735805310e-1,
                                        1.48753612908506148525e-2,
                                        7.86869131145613259100e-4,
                                        1.84631831751005468180e-5,
                                        1.42151175831644588870e-7,
                                        2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;  // 0.425^2 - q^2
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  const double r = std::sqrt(-log(q < 0 ? p : 1.0 - p));
  const double size = r <= 5.0 ? polynomial(kC, r - 1.6) / polynomial(kD, r - 1.6)
                               : polynomial(kE, r - 5.0) / polynomial(kF, r - 5.0);
  return q < 0 ? -size : size;
}

}  // namespace cotenant::math
