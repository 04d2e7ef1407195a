// SPDX-License-Identifier: Apache-2.0
//
// --time-limit: asks for a stop after some wall time. The only place where wall time decides about
// a result, which is why such a report is marked incomplete.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "sim/base/units.h"

namespace cotenant {

class TimeLimit {
 public:
  // Without a limit nothing happens. `stop` must outlive this.
  TimeLimit(std::optional<Duration> limit, std::atomic<bool>& stop);
  ~TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_early_;
  bool ended_ = false;
  std::thread timer_;
};

}  // namespace cotenant
