// SPDX-License-Identifier: Apache-2.0
//
// What the kernel does about dirty pages: it writes them, a few IOs at a time, and has whoever
// makes too many of them wait. How many are too many is in dirty_pages.h.
#pragma once

#include "models/disk/acting_disk.h"

namespace cotenant {

// As much as is to be written now.
void write_back(const ActingDisk& acting);
// An IO of it is done.
void wrote_back(const ActingDisk& acting, Bytes bytes);

// Whether the task, which has just dirtied so much, may go on; otherwise its pause has begun.
bool may_dirty_on(const ActingDisk& acting, TaskId task, Bytes bytes);
// Its pause is over: whether it may go on.
bool has_paused_enough(const ActingDisk& acting, TaskId task);

}  // namespace cotenant
