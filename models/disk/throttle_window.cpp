// SPDX-License-Identifier: Apache-2.0
#include "models/disk/throttle_window.h"

#include <algorithm>

namespace cotenant {
namespace {

Jiffies round_up(Jiffies value, Jiffies step) { return (value + step - 1) / step * step; }

std::int64_t allowed(std::int64_t rate, Jiffies elapsed, Jiffies per_second) {
  return scaled(rate, elapsed, per_second);
}

}  // namespace

// A window ends at a whole slice since boot.
void ThrottleWindow::extend(Jiffies end, Jiffies slice) {
  if (end_ < end) end_ = round_up(end, slice);
}

Jiffies ThrottleWindow::wait_for_bytes(std::int64_t rate, Bytes bytes, Jiffies now,
                                       Jiffies per_second) const {
  if (rate == 0) return 0;
  const Jiffies slice = throttle_slice(per_second);
  const Jiffies elapsed = now - start_;
  const Jiffies rounded = elapsed == 0 ? slice : round_up(elapsed, slice);
  const std::int64_t extra = bytes_ + bytes.count() - allowed(rate, rounded, per_second);
  if (extra <= 0) return 0;
  const Jiffies owed = scaled(extra, per_second, rate);
  return std::max<Jiffies>(owed, 1) + rounded - elapsed;
}

Jiffies ThrottleWindow::wait_for_ios(std::int64_t rate, Jiffies now, Jiffies per_second) const {
  if (rate == 0) return 0;
  const Jiffies elapsed = now - start_;
  const Jiffies rounded = round_up(elapsed + 1, throttle_slice(per_second));
  if (ios_ + 1 <= allowed(rate, rounded, per_second)) return 0;
  return std::max(rounded - elapsed, per_second / rate + 1);
}

Jiffies ThrottleWindow::wait(const IoLimit& limit, Bytes bytes, Jiffies now, Jiffies per_second,
                             bool behind_others) {
  const Jiffies slice = throttle_slice(per_second);
  if (is_over(now) && !behind_others) {
    start_ = now;
    end_ = now + slice;
    bytes_ = ios_ = 0;
  } else {
    extend(now + slice, slice);
  }
  const Jiffies wait = std::max(wait_for_bytes(limit.bytes, bytes, now, per_second),
                                wait_for_ios(limit.ios, now, per_second));
  extend(now + wait, slice);
  return wait;
}

void ThrottleWindow::charge(const IoLimit& limit, Bytes bytes, Jiffies now, Jiffies per_second) {
  bytes_ += bytes.count();
  ++ios_;
  trim(limit, now, per_second);
}

// One slice more than what is rounded down is left, for IOs that pass a little late.
void ThrottleWindow::trim(const IoLimit& limit, Jiffies now, Jiffies per_second) {
  if (is_over(now)) return;
  const Jiffies slice = throttle_slice(per_second);
  end_ = round_up(now + slice, slice);
  Jiffies elapsed = (now - start_) / slice * slice;
  if (elapsed < 2 * slice) return;
  elapsed -= slice;
  const std::int64_t bytes = allowed(limit.bytes, elapsed, per_second);
  const std::int64_t ios = allowed(limit.ios, elapsed, per_second);
  if (bytes == 0 && ios == 0) return;
  bytes_ = std::max<std::int64_t>(bytes_ - bytes, 0);
  ios_ = std::max<std::int64_t>(ios_ - ios, 0);
  start_ += elapsed;
}

void ThrottleWindow::hash_into(Hasher& hasher) const {
  hasher.add_signed(start_);
  hasher.add_signed(end_);
  hasher.add_signed(bytes_);
  hasher.add_signed(ios_);
}

}  // namespace cotenant
