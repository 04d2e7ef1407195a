// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "cli/time_limit.h"

#include <algorithm>
#include <chrono>

namespace cotenant {

TimeLimit::TimeLimit(std::optional<Duration> limit, std::atomic<bool>& stop) {
  if (!limit) return;
  // A clock cannot be asked for an instant beyond its range; a year is as good as for ever.
  const Duration longest = seconds(365 * 86400);
  const std::chrono::nanoseconds wait(std::min(*limit, longest).count());
  timer_ = std::thread([this, wait, &stop] {
    std::unique_lock lock(mutex_);
    if (!ended_early_.wait_for(lock, wait, [this] { return ended_; })) stop = true;
  });
}

TimeLimit::~TimeLimit() {
  if (!timer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_early_.notify_one();
  timer_.join();
}

}  // namespace cotenant
