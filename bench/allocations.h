// SPDX-License-Identifier: Apache-2.0
//
// How often this process has asked the heap for memory. Linking allocations.cpp replaces the global
// operator new by one that counts and then does what it always did; malloc() called directly, as by
// C libraries, is not counted. The counter costs one relaxed atomic addition per allocation.
#pragma once

#include <cstdint>

namespace cotenant {

// Calls of operator new so far, in all threads.
std::uint64_t allocations_so_far();

}  // namespace cotenant
