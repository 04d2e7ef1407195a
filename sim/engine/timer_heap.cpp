// SPDX-License-Identifier: Apache-2.0
//
// The invariant between calls: earliest_ is the timer with the least key, and it lies in a bag of
// one chunk when it was found by a search. Bags further right are left as coarse as they are; that
// is where timers wait that will be cancelled.
#include "sim/engine/timer_heap.h"

#include <bit>

#include "sim/engine/smaller_key.h"

namespace cotenant {

TimerHeap::TimerHeap() : nodes_(1) {}

TimerHeap::Handle TimerHeap::start(Uint128 key) {
  COTENANT_ASSERT(key != kNothing);
  Handle handle = free_handle_;
  if (handle == kNone) {
    handle = static_cast<Handle>(positions_.size());
    COTENANT_ASSERT(handle < kFree - 1);
    positions_.push_back(kFree);
  } else {
    const std::uint32_t next = positions_[handle] & ~kFree;
    free_handle_ = next == (kNone & ~kFree) ? kNone : next;
  }
  insert(entry_of(key, handle));
  return handle;
}

void TimerHeap::reschedule(Handle handle, Uint128 key) {
  COTENANT_ASSERT(is_pending(handle) && key != kNothing);
  remove(handle);
  insert(entry_of(key, handle));
}

void TimerHeap::cancel(Handle handle) {
  COTENANT_ASSERT(is_pending(handle));
  remove(handle);
  positions_[handle] = kFree | free_handle_;
  free_handle_ = handle;
}

TimerHeap::Handle TimerHeap::pop() {
  COTENANT_ASSERT(!empty());
  const Handle handle = earliest_;
  cancel(handle);
  return handle;
}

// The bag that holds this key or would hold it.
TimerHeap::Place TimerHeap::place_of(const TimerEntry& entry) const {
  Place place{root_, root_level_, digit_at(entry, root_level_)};
  while ((nodes_[place.node].split >> place.digit & 1) != 0) {
    place.node = nodes_[place.node].children[place.digit];
    --place.level;
    place.digit = digit_at(entry, place.level);
  }
  return place;
}

void TimerHeap::insert(const TimerEntry& entry) {
  raise_root(entry);
  const Place place = place_of(entry);
  add(place.node, place.digit, entry);
  ++size_;
  const Uint128 key = key_of(entry);
  if (key < earliest_key_) {
    earliest_key_ = key;
    earliest_ = entry.handle;
    earliest_place_ = place;
  }
}

void TimerHeap::add(std::uint32_t node, unsigned digit, const TimerEntry& entry) {
  Node& parent = nodes_[node];
  const std::uint64_t bit = std::uint64_t{1} << digit;
  TimerBags::Bag bag = (parent.occupied & bit) != 0 ? parent.children[digit] : TimerBags::kNoChunk;
  positions_[entry.handle] = bags_.add(bag, entry);
  parent.children[digit] = bag;
  parent.occupied |= bit;
}

// Takes the timer out of its bag, and out of the tree what became empty by that.
void TimerHeap::remove(Handle handle) {
  const bool was_earliest = handle == earliest_;
  const std::uint32_t position = positions_[handle];
  const TimerEntry entry = bags_.entry(position);
  const Place place = was_earliest ? earliest_place_ : place_of(entry);
  Node& parent = nodes_[place.node];
  positions_[bags_.remove(parent.children[place.digit], position)] = position;
  --size_;
  bool node_remains = true;
  if (parent.children[place.digit] == TimerBags::kNoChunk) {
    parent.occupied &= ~(std::uint64_t{1} << place.digit);
    node_remains = parent.occupied != 0;
    if (!node_remains) remove_empty_nodes(entry);
  }
  // All that is left in the node of the earliest timer comes before the rest of the tree.
  if (was_earliest) find_earliest(node_remains ? place : Place{root_, root_level_, 0});
}

// Removes from the tree the nodes along the path of this key that have no children; the root stays.
void TimerHeap::remove_empty_nodes(const TimerEntry& entry) {
  std::array<Place, kLevels> path;
  unsigned depth = 0;
  path[0] = {root_, root_level_, digit_at(entry, root_level_)};
  while ((nodes_[path[depth].node].split >> path[depth].digit & 1) != 0) {
    const Place& above = path[depth];
    const unsigned level = above.level - 1;
    path[++depth] = {nodes_[above.node].children[above.digit], level, digit_at(entry, level)};
  }
  for (; depth > 0 && nodes_[path[depth].node].occupied == 0; --depth) {
    free_node(path[depth].node);
    const Place& above = path[depth - 1];
    const std::uint64_t bit = std::uint64_t{1} << above.digit;
    nodes_[above.node].occupied &= ~bit;
    nodes_[above.node].split &= ~bit;
  }
}

// Goes down to the first bag below this place's node, splitting it until it is one chunk, and scans
// that.
void TimerHeap::find_earliest(Place place) {
  earliest_key_ = kNothing;
  earliest_ = kNone;
  if (size_ == 0) return;
  for (;;) {
    const Node& node = nodes_[place.node];
    place.digit = static_cast<unsigned>(std::countr_zero(node.occupied));
    const std::uint32_t child = node.children[place.digit];
    if ((node.split >> place.digit & 1) != 0) {
      place.node = child;
    } else if (bags_.chunk(child).next != TimerBags::kNoChunk) {
      place.node = split(place);
    } else {
      break;
    }
    --place.level;
  }
  earliest_place_ = place;
  const TimerBags::Chunk& chunk = bags_.chunk(nodes_[place.node].children[place.digit]);
  for (std::uint32_t i = 0; i < chunk.size; ++i) {
    earliest_key_ = smaller_key(earliest_key_, key_of(chunk.entries[i]));
  }
  // A second pass, because a branch on every new minimum would be mispredicted several times a
  // chunk.
  std::uint32_t earliest = 0;
  for (std::uint32_t i = 0; i < chunk.size; ++i) {
    earliest |= i & (0 - static_cast<std::uint32_t>(key_of(chunk.entries[i]) == earliest_key_));
  }
  earliest_ = chunk.entries[earliest].handle;
}

// Puts a node in the place of a bag, sorts the bag's timers by the next digit, and returns the
// node.
std::uint32_t TimerHeap::split(const Place& place) {
  COTENANT_ASSERT(place.level > 0);  // otherwise two pending timers have the same key
  const std::uint32_t child = new_node();
  TimerBags::Bag bag = nodes_[place.node].children[place.digit];
  nodes_[place.node].children[place.digit] = child;
  nodes_[place.node].split |= std::uint64_t{1} << place.digit;
  while (bag != TimerBags::kNoChunk) {
    const TimerBags::Chunk chunk = bags_.take_chunk(bag);
    for (std::uint32_t i = 0; i < chunk.size; ++i) {
      add(child, digit_at(chunk.entries[i], place.level - 1), chunk.entries[i]);
    }
  }
  return child;
}

// Makes the tree high enough for the key.
void TimerHeap::raise_root(const TimerEntry& entry) {
  const auto fits = [&] {
    const unsigned above = (root_level_ + 1 - kLevelsPerWord) * kDigitBits;
    return above >= 64 || entry.instant >> above == 0;
  };
  while (!fits()) {
    if (nodes_[root_].occupied != 0) {
      const std::uint32_t root = new_node();
      nodes_[root].occupied = nodes_[root].split = 1;
      nodes_[root].children[0] = root_;
      root_ = root;
    }
    ++root_level_;
  }
}

std::uint32_t TimerHeap::new_node() {
  std::uint32_t node = free_node_;
  if (node == kNone) {
    node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    free_node_ = nodes_[node].children[0];
  }
  nodes_[node].occupied = nodes_[node].split = 0;
  return node;
}

void TimerHeap::free_node(std::uint32_t node) {
  nodes_[node].children[0] = free_node_;
  free_node_ = node;
}

std::size_t TimerHeap::bytes_held() const {
  return bags_.bytes_held() + nodes_.capacity() * sizeof(Node) +
         positions_.capacity() * sizeof(positions_[0]);
}

}  // namespace cotenant
