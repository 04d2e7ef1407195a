// SPDX-License-Identifier: Apache-2.0
//
// The smallest of many keys of which most are never set: a winner tree in which a slot has a leaf
// from the first key that it gets. What a change costs depends on how many slots are in use, not
// on how many there are: a service with a pool of forty threads that never run has one key. Leaves
// are given out in the order of use, so keys have to be distinct, and who needs the winner itself
// puts it into the key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/assert.h"
#include "sim/engine/winner_tree.h"

namespace cotenant {

template <class Key>
class SparseWinnerTree {
 public:
  static constexpr Key kNothing = WinnerTree<Key>::kNothing;

  explicit SparseWinnerTree(std::uint32_t slots = 0) { grow(slots); }

  std::uint32_t size() const { return size_; }

  // At set-up only: from then on nothing is allocated.
  void grow(std::uint32_t slots) {
    COTENANT_ASSERT(slots >= size_);
    leaves_.resize(slots, kNone);
    tree_.reserve(slots);
    size_ = slots;
  }

  void set(std::uint32_t slot, Key key) {
    COTENANT_ASSERT(slot < size_);
    std::uint32_t& leaf = leaves_[slot];
    if (leaf == kNone) [[unlikely]]
      leaf = add_leaf();
    tree_.set(leaf, key);
  }

  void clear(std::uint32_t slot) {
    COTENANT_ASSERT(slot < size_);
    if (leaves_[slot] != kNone) tree_.clear(leaves_[slot]);
  }

  Key key(std::uint32_t slot) const {
    COTENANT_ASSERT(slot < size_);
    return leaves_[slot] == kNone ? kNothing : tree_.key(leaves_[slot]);
  }

  bool empty() const { return tree_.empty(); }

  // kNothing when empty.
  Key winner_key() const { return tree_.winner_key(); }

  // What winner_key() would be after clear(slot).
  Key winner_key_without(std::uint32_t slot) const {
    COTENANT_ASSERT(slot < size_);
    return leaves_[slot] == kNone ? winner_key() : tree_.winner_key_without(leaves_[slot]);
  }

  std::size_t bytes_held() const {
    return tree_.bytes_held() + leaves_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::uint32_t add_leaf() {
    const std::uint32_t leaf = tree_.size();
    tree_.resize(leaf + 1);
    return leaf;
  }

  WinnerTree<Key> tree_;               // of the slots that have been used
  std::vector<std::uint32_t> leaves_;  // of each slot; none: it has never been used
  std::uint32_t size_ = 0;
};

}  // namespace cotenant
