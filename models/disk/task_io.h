// SPDX-License-Identifier: Apache-2.0
//
// The IOs that block a task, whatever it waits for: files (models/disk/file_io.h) or swap
// (models/disk/swap.h); and the account of the request that it works on, if it works on one.
#pragma once

#include <cstdint>

#include "models/disk/acting_disk.h"

namespace cotenant {

// What chance says of what the task does, under streams of their own for each purpose.
inline constexpr std::uint64_t kHits = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kLatencies = std::uint64_t{2} << 32;
inline constexpr std::uint64_t kFlushes = std::uint64_t{3} << 32;
Draws luck_of(const ActingDisk& acting, TaskId task, std::uint64_t purpose);

// Nobody but requests has an account.
void wait_as(const ActingDisk& acting, TaskId task, WaitState state);
void book(const ActingDisk& acting, TaskId task, const IoTimes& times);

// The next IO of what is left of its access.
void begin_part(const ActingDisk& acting, TaskId task);

}  // namespace cotenant
