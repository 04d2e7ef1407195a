// SPDX-License-Identifier: Apache-2.0
#include "models/python/gil.h"

#include <algorithm>
#include <utility>

#include "sim/base/assert.h"

namespace cotenant {

bool Gil::take(ThreadId thread) {
  if (!holder_.is_none()) return false;
  holder_ = thread;
  drop_requested_ = false;
  if (last_holder_ != thread) {
    last_holder_ = thread;
    ++switches_;
  }
  return true;
}

void Gil::stop_waiting(ThreadId thread) {
  const auto at = std::find(waiters_.begin(), waiters_.end(), thread);
  COTENANT_ASSERT(at != waiters_.end());
  waiters_.erase(at);
}

ThreadId Gil::release() {
  COTENANT_ASSERT(!holder_.is_none());
  holder_ = ThreadId::none();
  if (waiters_.empty()) return ThreadId::none();
  const ThreadId woken = waiters_.front();
  waiters_.erase(waiters_.begin());
  return woken;
}

bool Gil::request_drop(std::uint64_t seen) {
  COTENANT_ASSERT(!holder_.is_none());
  if (drop_requested_ || switches_ != seen) return false;
  drop_requested_ = true;
  return true;
}

ThreadId Gil::switched() { return std::exchange(switching_, ThreadId::none()); }

void Gil::reset() {
  waiters_.clear();
  holder_ = last_holder_ = switching_ = ThreadId::none();
  drop_requested_ = false;
  switches_ = 0;
}

void Gil::hash_into(Hasher& hasher) const {
  hasher.add(holder_.index());
  hasher.add(last_holder_.index());
  hasher.add(switching_.index());
  hasher.add(drop_requested_);
  hasher.add(switches_);
  hasher.add(waiters_.size());
  for (const ThreadId thread : waiters_) hasher.add(thread.index());
}

}  // namespace cotenant
