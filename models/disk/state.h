// SPDX-License-Identifier: Apache-2.0
//
// What a run changes of a disk and of the files on it. Written by models/disk only.
#pragma once

#include <vector>

#include "models/disk/block_device.h"
#include "models/disk/dirty_pages.h"
#include "models/disk/file_use.h"
#include "models/disk/journal.h"
#include "models/disk/log_queue.h"
#include "models/ids.h"
#include "sim/engine/event_set.h"

namespace cotenant {

// What a task does with a file, while it is blocked by that.
struct FileAccess {
  RequestId request;        // that it is for; none: nobody's, or it does nothing
  std::uint16_t step = 0;   // of that
  FileSpec use{};           // what it does; of a request, what that step says
  std::uint32_t parts = 0;  // IOs that have begun
  Bytes left;               // that have not
  Timer pause;              // until it may dirty more pages, or has slept for memory.high

  // Of one that takes memory.
  Bytes until;      // so much has been swapped out when it may go on
  Duration sleeps;  // at the end, for memory.high
  GroupId stalled;  // the group in which it waits for memory; none: it does not

  void hash_into(Hasher& hasher) const;
};

// What is swapped out is written in order.
struct SwapState {
  Bytes submitted, written;     // since the start of the run
  std::uint32_t writes = 0;     // IOs of it that are under way
  std::vector<TaskId> waiting;  // until what they have pushed out is written, in their order
};

struct DiskState {
  MachineId disk;  // whose device it is that the files are on: this computer's, or its host's
  BlockDevice device;
  IdVector<TaskId, FileAccess> accesses;
  Journal journal;
  DirtyPages pages;
  LogQueue log;
  std::uint32_t writebacks = 0;  // IOs of it that are under way
  std::uint32_t paused = 0;      // tasks that may not dirty more pages yet
  Timer writeback;               // until the kernel looks at old pages again
  std::uint64_t kernel_ios = 0;  // that nobody's request has asked for: number k has chance k
  SwapState swap;
  std::vector<Io> done;  // empty between steps

  void hash_into(Hasher& hasher) const;
};

}  // namespace cotenant
