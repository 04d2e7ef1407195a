// SPDX-License-Identifier: Apache-2.0
//
// Amounts of service finer than a nanosecond. A share of a core is a multiple of 2^-32 (Speed in
// scheduler.h), so share times nanoseconds is a whole number of 2^-32 ns: sums of service are exact
// and nothing drifts, however often the shares change. 96 bits would do for 292 years; the
// compilers offer 128.
#pragma once

#include <cstdint>
#include <limits>

#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// In units of 2^-32 ns of work at full speed.
using FineTime = Uint128;
inline constexpr int kFineBits = 32;

constexpr FineTime fine(CpuTime whole) {
  return static_cast<FineTime>(static_cast<std::uint64_t>(whole.count())) << kFineBits;
}

// `rate` may be the sum of several speeds.
constexpr FineTime service(std::uint64_t rate, Duration time) {
  return static_cast<FineTime>(rate) * static_cast<std::uint64_t>(time.count());
}

constexpr std::int64_t floor_ns(FineTime amount) {
  return static_cast<std::int64_t>(amount >> kFineBits);
}

constexpr std::int64_t ceil_ns(FineTime amount) {
  return floor_ns(amount + ((FineTime{1} << kFineBits) - 1));
}

// The first whole nanosecond at which `amount` > 0 has been served at `rate`.
constexpr Instant served_at(Instant now, FineTime amount, std::uint64_t rate) {
  if (rate == 0) return Instant::never();
  const auto limit = static_cast<std::uint64_t>(Instant::never().ns() - now.ns());
  const FineTime last = amount - 1;
  if (rate == kFullSpeed) {  // most of the time, and no division
    const FineTime wait = last >> kFineBits;
    return wait < limit ? Instant(now.ns() + static_cast<std::int64_t>(wait) + 1)
                        : Instant::never();
  }
  if (last >> 64 == 0) {  // the hardware divides 64 bits several times faster than 128
    const std::uint64_t wait = static_cast<std::uint64_t>(last) / rate;
    return wait < limit ? Instant(now.ns() + static_cast<std::int64_t>(wait) + 1)
                        : Instant::never();
  }
  const FineTime wait = last / rate;
  return wait < limit ? Instant(now.ns() + static_cast<std::int64_t>(wait) + 1) : Instant::never();
}

constexpr void add_fine(Hasher& hasher, FineTime amount) {
  hasher.add(static_cast<std::uint64_t>(amount >> 64));
  hasher.add(static_cast<std::uint64_t>(amount));
}

}  // namespace cotenant
