// SPDX-License-Identifier: Apache-2.0
//
// How often a test program has asked the heap for memory. Compiling allocations.cpp into it
// replaces the global operator new by one that counts and is otherwise the usual one, so it cannot
// be linked with the thread sanitizer, which replaces it, too.
#pragma once

#include <cstdint>

namespace cotenant {

// Calls of operator new so far, in all threads.
std::uint64_t allocations_so_far();

}  // namespace cotenant
