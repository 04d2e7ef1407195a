// SPDX-License-Identifier: Apache-2.0
//
// What a volume in a cloud, or the computer that it is attached to, may do: so many IOs and bytes a
// second, and more as long as there are credits (the bank of EBS gp2; the burst of small
// instances). Nothing is banked besides: an IO begins when the one before it has been paid for.
// Source: linux.md section 5.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// Per second; zero: no limit.
struct IoCap {
  std::int64_t ios = 0;
  std::int64_t bytes = 0;
  std::int64_t burst_ios =
      0;                     // as long as there are credits, of which `ios` are earned; zero: none
  std::int64_t credits = 0;  // IOs, that the bank holds at most, and at first

  bool is_none() const { return ios == 0 && bytes == 0; }
};

class CreditBucket {
 public:
  CreditBucket() = default;
  explicit CreditBucket(const IoCap& cap) : credits_(Int128{cap.credits} * kCredit) {}

  // When the next IO may begin.
  Instant opens() const { return opens_; }

  // It begins, at `now`, not before that.
  void take(const IoCap& cap, Bytes bytes, Instant now) {
    if (cap.is_none()) return;
    Int128 pause = 0;
    if (cap.bytes > 0) pause = Int128{bytes.count()} * kSecond / cap.bytes;
    if (cap.burst_ios > 0) {
      earn(cap, now);
      credits_ -= kCredit;
      const Int128 missing = std::max<Int128>(kCredit - credits_, 0);
      pause = std::max({pause, kSecond / Int128{cap.burst_ios}, (missing + cap.ios - 1) / cap.ios});
    } else if (cap.ios > 0) {
      pause = std::max<Int128>(pause, kSecond / cap.ios);
    }
    opens_ = now + Duration(static_cast<std::int64_t>(pause));
  }

  // Whole ones.
  std::int64_t credits() const { return static_cast<std::int64_t>(credits_ / kCredit); }

  void hash_into(Hasher& hasher) const {
    hasher.add_signed(opens_.ns());
    hasher.add_signed(earned_.ns());
    hasher.add_signed(static_cast<std::int64_t>(credits_ % kCredit));
    hasher.add_signed(credits());
  }

 private:
  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr Int128 kCredit = kSecond;  // so that each nanosecond earns `ios` of them

  void earn(const IoCap& cap, Instant now) {
    const Int128 more = Int128{cap.ios} * (now - earned_).count();
    credits_ = std::min(credits_ + more, Int128{cap.credits} * kCredit);
    earned_ = now;
  }

  Int128 credits_ = 0;
  Instant earned_;
  Instant opens_;
};

}  // namespace cotenant
