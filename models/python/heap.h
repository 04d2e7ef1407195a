// SPDX-License-Identifier: Apache-2.0
//
// The container objects of one Python process, as its cyclic garbage collector sees them: three
// generations, when each of them is collected, and what that costs. A plain value; who waits for it
// is said by the servers. It does not imitate the incremental collector of Python 3.14.0 to 3.14.4.
// Mechanism, sources and evidence: docs/models/garbage-collection.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

// Of each process of a service.
struct CollectorSpec {
  std::int64_t threshold = 700;  // of the youngest generation: gc.get_threshold()[0]
  std::int64_t objects = 0;      // that a process has for good
  bool frozen = false;           // gc.freeze(): the collector never looks at these
  std::int64_t per_request = 0;  // that a request makes, and has all at once in the end
  std::int64_t cycles = 0;       // of these, which only the collector finds
};

// What it costs to look at so many objects.
CpuTime cost_of_looking_at(std::int64_t objects);

class Heap {
 public:
  explicit Heap(const CollectorSpec& spec) : spec_(&spec), old_(objects()) {}

  // A request makes its objects: the CPU of what is collected meanwhile.
  CpuTime make();
  // A request is over, and most of them are no more.
  void drop();
  // Another process.
  void begin_anew() { *this = Heap(*spec_); }

  // Of this process, by generation, so far.
  std::int64_t collections(std::size_t generation) const {
    return generations_[generation].collections;
  }

  void hash_into(Hasher& hasher) const;

 private:
  struct Generation {
    std::int64_t count = 0;    // of objects made, of the others of collections of the one before
    std::int64_t live = 0;     // objects of requests that go on
    std::int64_t garbage = 0;  // of requests that are over
    std::int64_t collections = 0;
  };
  static constexpr std::size_t kOldest = 2;

  std::int64_t objects() const { return spec_->frozen ? 0 : spec_->objects; }
  std::size_t due() const;
  CpuTime collect(std::size_t generation);

  const CollectorSpec* spec_;  // of the blueprint
  std::array<Generation, kOldest + 1> generations_{};
  std::int64_t old_;          // long_lived_total: what the last full collection has left
  std::int64_t pending_ = 0;  // long_lived_pending: what has grown old since
};

}  // namespace cotenant
