// SPDX-License-Identifier: Apache-2.0
//
// A first-in first-out queue of ids with a bounded capacity, in one fixed block: kernel queues have
// limits, and a step allocates nothing.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"

namespace cotenant {

template <class Value>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity = 0) : ring_(capacity) {}

  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == ring_.size(); }
  std::size_t size() const { return count_; }
  Value front() const {
    COTENANT_ASSERT(count_ > 0);
    return ring_[first_];
  }
  void push(Value value) {
    COTENANT_ASSERT(!full());
    ring_[wrapped(first_ + count_++)] = value;
  }
  Value pop() {
    const Value value = front();
    first_ = wrapped(first_ + 1);
    --count_;
    return value;
  }
  void hash_into(Hasher& hasher) const {
    hasher.add(count_);
    for (std::size_t i = 0; i < count_; ++i) hasher.add(ring_[wrapped(first_ + i)].index());
  }

 private:
  std::size_t wrapped(std::size_t at) const { return at < ring_.size() ? at : at - ring_.size(); }

  std::vector<Value> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace cotenant
