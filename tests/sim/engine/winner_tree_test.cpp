// SPDX-License-Identifier: Apache-2.0
//
// The winner tree against the obvious implementation: a linear scan for the least key, the lowest
// slot first.
#include "sim/engine/winner_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace cotenant {
namespace {

Uint128 wide(std::uint64_t high, std::uint64_t low) {
  return static_cast<Uint128>(high) << 64 | low;
}

TEST(SmallerKey, ComparesBothWordsOfAKey) {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  // Words on both sides of every carry: the low word must decide only when the high words are
  // equal.
  const std::vector<std::uint64_t> words = {0, 1, kMax / 2, kMax / 2 + 1, kMax - 1, kMax};
  std::vector<Uint128> keys;
  for (const std::uint64_t high : words) {
    for (const std::uint64_t low : words) keys.push_back(wide(high, low));
  }
  for (const Uint128 a : keys) {
    for (const Uint128 b : keys) {
      const Uint128 expected = b < a ? b : a;
      EXPECT_TRUE(smaller_key(a, b) == expected);
    }
  }
}

template <class Key>
void expect_same_winner(const WinnerTree<Key>& tree, const std::vector<Key>& keys) {
  const auto least = std::min_element(keys.begin(), keys.end());
  ASSERT_TRUE(tree.winner_key() == *least);
  ASSERT_EQ(tree.empty(), *least == WinnerTree<Key>::kNothing);
  if (tree.empty()) return;
  ASSERT_EQ(tree.winner(), static_cast<std::uint32_t>(least - keys.begin()));
}

// Few distinct keys, so that most rounds have ties, and sizes around powers of two, where the
// number of leaves changes.
template <class Key>
void compare_with_scan(std::uint32_t slots, Key scale) {
  std::mt19937_64 random(slots);
  WinnerTree<Key> tree(slots);
  std::vector<Key> keys(slots, WinnerTree<Key>::kNothing);
  for (int round = 0; round < 2'000; ++round) {
    const auto slot = static_cast<std::uint32_t>(random() % slots);
    if (random() % 4 == 0) {
      tree.clear(slot);
      keys[slot] = WinnerTree<Key>::kNothing;
    } else {
      keys[slot] = static_cast<Key>(random() % 8) * scale;
      tree.set(slot, keys[slot]);
    }
    ASSERT_TRUE(tree.key(slot) == keys[slot]);
    expect_same_winner(tree, keys);

    const auto other = static_cast<std::uint32_t>(random() % slots);
    std::vector<Key> without = keys;
    without[other] = WinnerTree<Key>::kNothing;
    ASSERT_TRUE(tree.winner_key_without(other) ==
                *std::min_element(without.begin(), without.end()));
  }
}

TEST(WinnerTree, FindsTheLeastKeyAndTheLowestSlotOfEqualOnes) {
  for (const std::uint32_t slots : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 31u, 33u, 100u}) {
    compare_with_scan<Uint128>(slots, wide(1, 1));
    compare_with_scan<Uint128>(slots, wide(0, 1));
    compare_with_scan<std::uint64_t>(slots, 1);
  }
}

TEST(WinnerTree, IsEmptyWithoutSlotsAndWithoutKeys) {
  const WinnerTree<Uint128> none;
  EXPECT_TRUE(none.empty());
  EXPECT_THROW(none.winner(), Bug);

  WinnerTree<Uint128> tree(3);
  EXPECT_TRUE(tree.empty());
  tree.set(2, 7);
  EXPECT_FALSE(tree.empty());
  tree.clear(2);
  EXPECT_TRUE(tree.empty());
  EXPECT_THROW(tree.winner(), Bug);
}

TEST(WinnerTree, RejectsASlotItDoesNotHave) {
  // With three slots there are four leaves: the fourth exists in memory and is still no slot.
  WinnerTree<Uint128> tree(3);
  EXPECT_THROW(tree.set(3, 1), Bug);
  EXPECT_THROW(tree.clear(3), Bug);
  EXPECT_THROW(static_cast<void>(tree.key(3)), Bug);
  EXPECT_THROW(static_cast<void>(tree.winner_key_without(3)), Bug);
}

TEST(WinnerTree, KeepsItsKeysWhenResized) {
  WinnerTree<Uint128> tree(0);
  std::vector<Uint128> keys;
  for (std::uint32_t slots = 1; slots <= 40; ++slots) {
    tree.resize(slots);
    keys.push_back(1'000 - slots);  // every new slot wins
    tree.set(slots - 1, keys.back());
    expect_same_winner(tree, keys);
  }
  // The winner is among the slots that go; those that stay keep what they had, and when the tree
  // grows again the new slots are empty.
  for (const std::uint32_t slots : {33u, 20u, 16u, 3u}) {
    tree.resize(slots);
    keys.resize(slots);
    expect_same_winner(tree, keys);
  }
  tree.resize(4);
  EXPECT_TRUE(tree.key(3) == WinnerTree<Uint128>::kNothing);
}

TEST(WinnerTree, CopiesAreIndependent) {
  WinnerTree<Uint128> tree(2);
  tree.set(0, 5);
  WinnerTree<Uint128> copy = tree;
  copy.set(1, 1);
  EXPECT_EQ(tree.winner(), 0u);
  EXPECT_EQ(copy.winner(), 1u);
}

}  // namespace
}  // namespace cotenant
