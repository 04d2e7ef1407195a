// SPDX-License-Identifier: Apache-2.0
//
// An access log of any length that comes through a pipe, so that no disk has to hold it.
#pragma once

#include <cstdint>

namespace cotenant::test {

struct StreamedLog {
  std::int64_t bytes = 0;     // that were read
  std::int64_t rows = 0;      // requests in it
  std::int64_t expected = 0;  // that were written
  std::int64_t grown = 0;     // bytes by which the process has become larger at its largest
};

// Reads a log of about so many bytes: all different stamps, ids and durations.
StreamedLog read_streamed_log(std::int64_t bytes);

}  // namespace cotenant::test
