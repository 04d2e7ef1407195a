// SPDX-License-Identifier: Apache-2.0
//
// The trees for many keys of which few are set, against an ordered map.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>

#include "sim/base/int128.h"
#include "sim/engine/fronted_tree.h"
#include "sim/engine/sparse_winner_tree.h"

namespace cotenant {
namespace {

using Keys = std::map<std::uint32_t, Uint128>;  // by slot

constexpr Uint128 kNothing = ~Uint128{0};

Uint128 least(const Keys& keys) {
  Uint128 result = kNothing;
  for (const auto& [slot, key] : keys) result = key < result ? key : result;
  return result;
}

// As in the trees' users: an instant, and below it the slot.
Uint128 key_of(std::uint64_t instant, std::uint32_t slot) { return Uint128{instant} << 32 | slot; }

// Leaves are given out in another order than that of the slots, and while keys are set.
TEST(SparseWinnerTree, FindsTheLeastKeyWhateverTheOrderOfUse) {
  for (const std::uint32_t slots : {1u, 2u, 5u, 33u, 300u}) {
    std::mt19937_64 random(slots);
    SparseWinnerTree<Uint128> tree(slots);
    Keys keys;
    for (int round = 0; round < 3'000; ++round) {
      const auto slot = static_cast<std::uint32_t>(random() % slots);
      if (random() % 3 == 0) {
        tree.clear(slot);
        keys.erase(slot);
      } else {
        keys[slot] = key_of(random() % 16, slot);
        tree.set(slot, keys[slot]);
      }
      ASSERT_TRUE(tree.key(slot) == (keys.count(slot) > 0 ? keys[slot] : kNothing));
      ASSERT_TRUE(tree.winner_key() == least(keys));
      ASSERT_EQ(tree.empty(), keys.empty());
      const auto other = static_cast<std::uint32_t>(random() % slots);
      Keys without = keys;
      without.erase(other);
      ASSERT_TRUE(tree.winner_key_without(other) == least(without));
    }
  }
}

TEST(SparseWinnerTree, KeepsItsKeysWhenItGrows) {
  SparseWinnerTree<Uint128> tree;
  Keys keys;
  for (std::uint32_t slots = 1; slots <= 40; ++slots) {
    tree.grow(slots);
    if (slots % 3 == 0) continue;
    keys[slots - 1] = key_of(100 - slots, slots - 1);
    tree.set(slots - 1, keys[slots - 1]);
    ASSERT_TRUE(tree.winner_key() == least(keys));
  }
  for (std::uint32_t slot = 0; slot < 40; ++slot) {
    EXPECT_TRUE(tree.key(slot) == (keys.count(slot) > 0 ? keys[slot] : kNothing));
  }
}

TEST(SparseWinnerTree, RejectsASlotItDoesNotHave) {
  SparseWinnerTree<Uint128> tree(3);
  EXPECT_THROW(tree.set(3, 1), Bug);
  EXPECT_THROW(tree.clear(3), Bug);
  EXPECT_THROW(static_cast<void>(tree.key(3)), Bug);
  EXPECT_THROW(static_cast<void>(tree.winner_key_without(3)), Bug);
}

// From one key to far more than are at hand and back, again and again.
TEST(FrontedTree, FindsTheLeastOfFewKeysAndOfMany) {
  for (const std::uint32_t slots : {1u, 7u, 8u, 9u, 10u, 200u}) {
    std::mt19937_64 random(slots);
    FrontedTree<Uint128> tree(slots);
    Keys keys;
    for (int round = 0; round < 6'000; ++round) {
      const bool grows = round / 500 % 2 == 0;
      const auto slot = static_cast<std::uint32_t>(random() % slots);
      if (random() % 4 < (grows ? 3u : 1u)) {
        if (keys.count(slot) > 0) continue;
        keys[slot] = key_of(random() % 64, slot);
        tree.insert(keys[slot]);
      } else if (random() % 2 == 0) {
        tree.remove(slot);
        keys.erase(slot);
      } else if (!keys.empty()) {
        keys.erase(static_cast<std::uint32_t>(tree.winner_key()));
        tree.remove_winner();
      }
      ASSERT_TRUE(tree.winner_key() == least(keys));
      ASSERT_EQ(tree.empty(), keys.empty());
    }
  }
}

TEST(FrontedTree, RejectsWhatItDoesNotHave) {
  FrontedTree<Uint128> tree(3);
  EXPECT_THROW(tree.insert(key_of(1, 3)), Bug);
  EXPECT_THROW(tree.remove(3), Bug);
  EXPECT_THROW(tree.remove_winner(), Bug);
}

}  // namespace
}  // namespace cotenant
