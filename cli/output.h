// SPDX-License-Identifier: Apache-2.0
//
// Writing results: all or nothing, with one clear sentence when it fails.
#pragma once

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cotenant {

// "cannot write report.json: No space left on device".
class CannotWrite : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Finds out before a long run whether the file could be written, as far as that is possible without
// touching anything. Throws CannotWrite.
void check_writable(const std::string& file);

// Writes a file beside it, brings that to the disk and gives it the name: readers see the old
// content or the new, and after a failure nothing new is left. Keeps the permissions of a file that
// is there; follows symbolic links; writes straight to what is not a regular file (/dev/stdout, a
// pipe), because such a thing must not be replaced. Throws CannotWrite.
void write_file(const std::string& file, std::string_view text);

// Writes and flushes. Throws CannotWrite when the other end is closed or its disk is full.
void write_stream(std::ostream& out, std::string_view text);

// To the file, or to `out` where there is none.
void write_result(const std::string& file, std::string_view text, std::ostream& out);

}  // namespace cotenant
