// SPDX-License-Identifier: Apache-2.0
//
// Lines on their way to a log daemon: whoever logs hands them over and goes on, and as long as the
// queue is full they are lost. What the daemon does with them is in models/disk/file_io.cpp.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/disk/spec.h"
#include "models/server/bounded_queue.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

inline void hash_entry(Hasher& hasher, Bytes bytes) { hasher.add_signed(bytes.count()); }

// Since the start of the run.
struct LogUsage {
  std::uint64_t lines = 0;  // handed over, or lost
  std::uint64_t lost = 0;

  LogUsage& operator-=(const LogUsage& earlier) {
    lines -= earlier.lines;
    lost -= earlier.lost;
    return *this;
  }
  LogUsage& operator+=(const LogUsage& more) {
    lines += more.lines;
    lost += more.lost;
    return *this;
  }
};

class LogQueue {
 public:
  LogQueue() = default;
  explicit LogQueue(std::uint32_t room) : waiting_(room) {}

  void add(Bytes line) {
    ++usage_.lines;
    if (waiting_.full()) {
      ++usage_.lost;
    } else {
      waiting_.push(line);
    }
  }

  // The daemon has nothing else to do, and something to write.
  bool is_ready() const { return !is_busy_ && !waiting_.empty(); }
  // What it writes next, of at most so many lines.
  Bytes take(std::uint32_t most) {
    is_busy_ = true;
    Bytes bytes;
    for (; most > 0 && !waiting_.empty(); --most) bytes += waiting_.pop();
    return bytes;
  }

  void wrote() { is_busy_ = false; }

  const LogUsage& usage() const { return usage_; }

  void hash_into(Hasher& hasher) const {
    if (usage_.lines == 0) return;
    waiting_.hash_into(hasher);
    hasher.add(usage_.lost << 1 | std::uint64_t{is_busy_});
  }

 private:
  BoundedQueue<Bytes> waiting_;
  bool is_busy_ = false;
  LogUsage usage_;
};

}  // namespace cotenant
