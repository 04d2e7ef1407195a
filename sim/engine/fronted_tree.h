// SPDX-License-Identifier: Apache-2.0
//
// The smallest of many keys, of which mostly only a few are set: the smallest few are at hand in
// order, the others in a winner tree. With few keys nothing is done but to put each into its place;
// with thousands it is the tree, and a key more to move. The low 32 bits of a key are its slot, so
// keys are distinct.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/base/assert.h"
#include "sim/engine/sparse_winner_tree.h"

namespace cotenant {

template <class Key>
class FrontedTree {
 public:
  static constexpr Key kNothing = SparseWinnerTree<Key>::kNothing;

  explicit FrontedTree(std::uint32_t slots = 0) : rest_(slots) {}

  bool empty() const { return count_ == 0; }

  // kNothing when empty.
  Key winner_key() const { return count_ == 0 ? kNothing : front_[count_ - 1]; }

  // Its slot has no key.
  void insert(Key key) {
    COTENANT_ASSERT(slot_of(key) < rest_.size());
    if (key > rest_.winner_key() || (count_ == kFront && key > front_[0])) {
      return rest_.set(slot_of(key), key);
    }
    if (count_ == kFront) {
      rest_.set(slot_of(front_[0]), front_[0]);
      remove_at(0);
    }
    std::size_t at = count_++;
    for (; at > 0 && front_[at - 1] < key; --at) front_[at] = front_[at - 1];
    front_[at] = key;
  }

  // Requires that there is one.
  void remove_winner() {
    COTENANT_ASSERT(count_ > 0);
    --count_;
    refill();
  }

  // Nothing happens when the slot has no key.
  void remove(std::uint32_t slot) {
    for (std::size_t at = 0; at < count_; ++at) {
      if (slot_of(front_[at]) != slot) continue;
      remove_at(at);
      return refill();
    }
    rest_.clear(slot);
  }

 private:
  static constexpr std::size_t kFront = 8;

  static std::uint32_t slot_of(Key key) { return static_cast<std::uint32_t>(key); }

  void remove_at(std::size_t at) {
    for (--count_; at < count_; ++at) front_[at] = front_[at + 1];
  }
  void refill() {
    if (count_ > 0 || rest_.empty()) return;
    front_[count_++] = rest_.winner_key();
    rest_.clear(slot_of(front_[0]));
  }

  std::array<Key, kFront> front_{};  // the smallest last; none is larger than one of the rest
  std::size_t count_ = 0;
  SparseWinnerTree<Key> rest_;
};

}  // namespace cotenant
