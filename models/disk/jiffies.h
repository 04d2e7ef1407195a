// SPDX-License-Identifier: Apache-2.0
//
// The kernel's coarse clock, and when a timer that is set in it goes off. A jiffy is one timer
// tick; work that is done in jiffies is done at ticks. Sources: kernel/time/timer.c, 6.12 and 6.18
// (calc_wheel_index, calc_index).
#pragma once

#include <cstdint>

#include "sim/base/assert.h"
#include "sim/base/units.h"

namespace cotenant {

using Jiffies = std::int64_t;

class JiffyClock {
 public:
  JiffyClock() = default;
  // The first tick of the run comes at `phase`, below one tick; before it jiffies are at `first`.
  JiffyClock(Duration tick, Duration phase, Jiffies first)
      : tick_(tick), phase_(phase), first_(first) {
    COTENANT_ASSERT(tick > Duration(0) && phase >= Duration(0) && phase < tick && first >= 0);
  }

  Jiffies at(Instant now) const {
    return first_ + (now.ns() + (tick_ - phase_).count()) / tick_.count();
  }
  // When jiffies become that.
  Instant begins(Jiffies jiffy) const { return Instant() + phase_ + tick_ * (jiffy - first_ - 1); }
  std::int64_t per_second() const { return seconds(1).count() / tick_.count(); }

 private:
  Duration tick_ = milliseconds(4);
  Duration phase_;
  Jiffies first_ = 0;
};

// A timer never goes off early: in the first level of the wheel it does a jiffy after it was to,
// and each further level, of which there are 63 * 8^level jiffies, has buckets eight times as wide.
inline Jiffies timer_goes_off(Jiffies expires, Jiffies now) {
  int shift = 0;
  for (Jiffies end = 63; expires - now >= end; end *= 8) shift += 3;
  return (expires + (Jiffies{1} << shift)) >> shift << shift;
}

}  // namespace cotenant
