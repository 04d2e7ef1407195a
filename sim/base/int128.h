// SPDX-License-Identifier: Apache-2.0
//
// 128-bit integers, spelled once so that -Wpedantic stays on everywhere else, and the proportion
// that needs them only when numbers are large.
#pragma once

#include <cstdint>

namespace cotenant {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

// value * factor / divisor, rounded towards zero; the quotient must fit.
constexpr std::int64_t scaled(std::int64_t value, std::int64_t factor, std::int64_t divisor) {
  std::int64_t product = 0;
  // The hardware divides 64 bits several times faster than 128.
  if (!__builtin_mul_overflow(value, factor, &product)) return product / divisor;
  return static_cast<std::int64_t>(static_cast<Int128>(value) * factor / divisor);
}

}  // namespace cotenant
