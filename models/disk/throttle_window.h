// SPDX-License-Identifier: Apache-2.0
//
// The windows of blk-throttle: what one cgroup may read, or write, under io.max of cgroup v2 or
// blkio.throttle of v1. All in jiffies, as the kernel does it: a limit is a number of bytes or of
// IOs that may have passed when so many whole slices of 100 ms have begun. What is not used is
// lost, up to about a slice. Source: block/blk-throttle.c, 6.12 and 6.18 (tg_may_dispatch,
// throtl_trim_slice); measured as linux.md section 8 K9 says. See docs/models/disk.md.
#pragma once

#include "models/disk/jiffies.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

// Per second; zero: none.
struct IoLimit {
  std::int64_t bytes = 0;
  std::int64_t ios = 0;

  bool is_none() const { return bytes == 0 && ios == 0; }
};

class ThrottleWindow {
 public:
  // How long an IO has to wait from now on; zero: it may pass. `behind_others`: of those that wait.
  Jiffies wait(const IoLimit& limit, Bytes bytes, Jiffies now, Jiffies per_second,
               bool behind_others);
  // It has passed.
  void charge(const IoLimit& limit, Bytes bytes, Jiffies now, Jiffies per_second);

  void hash_into(Hasher& hasher) const;

 private:
  bool is_over(Jiffies now) const { return now < start_ || now > end_; }
  void extend(Jiffies end, Jiffies slice);
  void trim(const IoLimit& limit, Jiffies now, Jiffies per_second);
  Jiffies wait_for_bytes(std::int64_t rate, Bytes bytes, Jiffies now, Jiffies per_second) const;
  Jiffies wait_for_ios(std::int64_t rate, Jiffies now, Jiffies per_second) const;

  Jiffies start_ = 0;
  Jiffies end_ = -1;
  std::int64_t bytes_ = 0;  // that have passed since the start
  std::int64_t ios_ = 0;
};

// HZ / 10.
constexpr Jiffies throttle_slice(Jiffies per_second) { return per_second / 10; }

}  // namespace cotenant
