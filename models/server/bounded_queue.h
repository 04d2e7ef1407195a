// SPDX-License-Identifier: Apache-2.0
//
// A first-in first-out queue with a bounded capacity, in one fixed block: kernel queues have
// limits, and a step allocates nothing. A queue that has none grows, and keeps what it has grown
// to.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"

namespace cotenant {

template <class Tag>
void hash_entry(Hasher& hasher, Id<Tag> id) {
  hasher.add(id.index());
}

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
  void push_growing(Value value) {
    if (full()) grow();
    push(value);
  }
  // Before all others.
  void push_front_growing(Value value) {
    if (full()) grow();
    first_ = wrapped(first_ + ring_.size() - 1);
    ring_[first_] = value;
    ++count_;
  }
  void clear() { first_ = count_ = 0; }
  Value pop() {
    const Value value = front();
    first_ = wrapped(first_ + 1);
    --count_;
    return value;
  }
  // The one that came last.
  Value pop_last() {
    COTENANT_ASSERT(count_ > 0);
    return ring_[wrapped(first_ + --count_)];
  }
  // Wherever it stands, at the cost of a look at all of them.
  void remove(Value value) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const Value each = ring_[wrapped(first_ + i)];
      if (each != value) ring_[wrapped(first_ + kept++)] = each;
    }
    COTENANT_ASSERT(kept + 1 == count_);
    count_ = kept;
  }
  void hash_into(Hasher& hasher) const {
    hasher.add(count_);
    for_each([&](Value value) { hash_entry(hasher, value); });
  }

  // Calls f(Value), the first in the queue first.
  template <class F>
  void for_each(F f) const {
    for (std::size_t i = 0; i < count_; ++i) f(ring_[wrapped(first_ + i)]);
  }

 private:
  void grow() {
    BoundedQueue larger(ring_.size() * 2 + 8);
    for_each([&](Value value) { larger.push(value); });
    *this = std::move(larger);
  }

  std::size_t wrapped(std::size_t at) const { return at < ring_.size() ? at : at - ring_.size(); }

  std::vector<Value> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace cotenant
