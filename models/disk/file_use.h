// SPDX-License-Identifier: Apache-2.0
//
// What a step of a request does with a file. What that takes is in models/disk/file_io.h.
#pragma once

#include <cstdint>

namespace cotenant {

enum class FileUse : std::uint8_t {
  read,
  write,      // past the page cache (O_DIRECT)
  dirty,      // into the page cache
  sync,       // of a file that is there already: the data is on the disk, for good (fdatasync)
  append,     // the same at the end of a file, whose new size the journal keeps
  hand_over,  // a line to the log daemon, which has a bounded queue
  swap,       // no file: memory that the request takes, and what of its process was swapped out
};

struct FileSpec {
  FileUse what = FileUse::read;
  bool direct = false;     // of a read: past the page cache
  bool temporary = false;  // of dirty pages: the file is gone with its request
};

}  // namespace cotenant
