// SPDX-License-Identifier: Apache-2.0
//
// Workers whose memory counts, for tests of who is killed and what happens then.
#pragma once

#include <cstdint>

#include "tests/support/blueprint_builder.h"

namespace cotenant {

inline constexpr Duration kBoot = milliseconds(50);
inline constexpr std::int64_t kMib = 1 << 20;

inline ArbiterSpec arbiter() {
  ArbiterSpec spec;
  spec.boot = CpuTime(kBoot.count());
  spec.may_crash = true;
  return spec;
}

inline ProcessMemorySpec occupies(std::int64_t mebibytes) {
  ProcessMemorySpec spec;
  spec.base = Bytes(mebibytes * kMib);
  return spec;
}

inline StepSpec holds(std::int64_t mebibytes) { return memory_step(Bytes(mebibytes * kMib)); }

}  // namespace cotenant
