// SPDX-License-Identifier: Apache-2.0
//
// The file descriptors that a process may have open besides its own: RLIMIT_NOFILE. A plain value:
// who opens and closes connections is said elsewhere, and what a server does without a descriptor
// in models/server/listening.h. Mechanism, sources and evidence: docs/models/sockets.md.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"

namespace cotenant {

class Descriptors {
 public:
  explicit Descriptors(std::uint32_t most = 0) : most_(most) {}

  bool any_left() const { return open_ < most_; }
  // False: there is none.
  bool take() {
    if (!any_left()) return false;
    ++open_;
    return true;
  }
  // One that was taken in that life: those of a process are gone with it.
  void free(std::uint32_t life) {
    if (life != life_) return;
    COTENANT_ASSERT(open_ > 0);
    --open_;
  }
  void end_process() {
    open_ = 0;
    ++life_;
  }

  std::uint32_t open() const { return open_; }
  std::uint32_t life() const { return life_; }

  void hash_into(Hasher& hasher) const { hasher.add(std::uint64_t{life_} << 32 | open_); }

 private:
  std::uint32_t most_;
  std::uint32_t open_ = 0;
  std::uint32_t life_ = 0;  // processes that have ended before
};

using DescriptorTable = IdVector<DescriptorsId, Descriptors>;

// What a connection occupies where it was opened.
struct LocalEnd {
  PortsId ports;              // of its machine, of which it has one; none: it needs none
  DescriptorsId descriptors;  // of its process, of which it has one; none: they are not counted
  std::uint32_t life = 0;     // of that process
};

}  // namespace cotenant
