// SPDX-License-Identifier: Apache-2.0
#include "models/python/heap.h"

#include <algorithm>
#include <utility>

#include "sim/base/int128.h"

namespace cotenant {
namespace {

// gc.get_threshold()[1] and [2] of all versions.
constexpr std::int64_t kOlderThreshold = 10;

// A full collection is put off while less than this part of what is old has come since the last one
// (Modules/gcmodule.c, collect_generations()).
constexpr std::int64_t kPendingShare = 4;

// Full collections, measured on Python 3.11: python-servers.md 4.1.
struct Measured {
  std::int64_t objects;
  CpuTime pause;
};
constexpr std::array<Measured, 5> kMeasured = {{{0, CpuTime(0)},
                                                {35'000, CpuTime(1'700'000)},
                                                {215'000, CpuTime(14'000'000)},
                                                {1'000'000, CpuTime(86'000'000)},
                                                {2'000'000, CpuTime(156'000'000)}}};

}  // namespace

// Straight lines between what was measured, the last of them going on.
CpuTime cost_of_looking_at(std::int64_t objects) {
  std::size_t above = 1;
  while (above + 1 < kMeasured.size() && kMeasured[above].objects < objects) ++above;
  const Measured& from = kMeasured[above - 1];
  const Measured& to = kMeasured[above];
  return from.pause + CpuTime(scaled((to.pause - from.pause).count(), objects - from.objects,
                                     to.objects - from.objects));
}

CpuTime Heap::make() {
  CpuTime cost;
  Generation& young = generations_.front();
  for (std::int64_t left = spec_->per_request; left > 0;) {
    const std::int64_t more = std::min(left, spec_->threshold + 1 - young.count);
    young.count += more;
    young.live += more;
    left -= more;
    if (young.count > spec_->threshold) cost += collect(due());
  }
  return cost;
}

// The oldest one whose turn it is.
std::size_t Heap::due() const {
  const bool enough = pending_ >= old_ / kPendingShare;
  if (generations_[2].count > kOlderThreshold && enough) return 2;
  return generations_[1].count > kOlderThreshold ? 1 : 0;
}

// Looks at it and at those younger, and what is alive grows older.
CpuTime Heap::collect(std::size_t generation) {
  std::int64_t seen = generation == kOldest ? objects() : 0;
  std::int64_t live = 0;
  for (std::size_t g = 0; g <= generation; ++g) {
    seen += generations_[g].live + generations_[g].garbage;
    live += std::exchange(generations_[g].live, 0);
    generations_[g].garbage = 0;
    generations_[g].count = 0;
  }
  ++generations_[generation].collections;
  generations_[std::min(generation + 1, kOldest)].live += live;
  if (generation < kOldest) ++generations_[generation + 1].count;
  if (generation + 1 == kOldest) pending_ += live;
  if (generation == kOldest) old_ = objects() + live, pending_ = 0;
  return cost_of_looking_at(seen);
}

// Its objects are among the youngest that there are. Those that are freed are taken off the count
// of the youngest generation, whichever they were in.
void Heap::drop() {
  std::int64_t left = spec_->per_request;
  std::int64_t cycles = spec_->cycles;
  for (Generation& generation : generations_) {
    const std::int64_t gone = std::min(left, generation.live);
    const std::int64_t garbage = std::min(cycles, gone);
    generation.live -= gone;
    generation.garbage += garbage;
    left -= gone;
    cycles -= garbage;
  }
  Generation& young = generations_.front();
  young.count = std::max<std::int64_t>(young.count - (spec_->per_request - spec_->cycles), 0);
}

void Heap::hash_into(Hasher& hasher) const {
  for (const Generation& generation : generations_) {
    hasher.add_signed(generation.count);
    hasher.add_signed(generation.live);
    hasher.add_signed(generation.garbage);
  }
  hasher.add_signed(old_);
  hasher.add_signed(pending_);
}

}  // namespace cotenant
