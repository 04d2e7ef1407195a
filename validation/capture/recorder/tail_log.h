// SPDX-License-Identifier: Apache-2.0
//
// Follows a log from its end on, across rotation: when the name stands for another file, or the
// file has become shorter, the rest of the old one is read and then the new one from its beginning.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace cotenant {

class TailLog {
 public:
  // From the end of the file as it is now, or from the beginning of one that is still to come.
  explicit TailLog(std::filesystem::path file);
  ~TailLog();
  TailLog(const TailLog&) = delete;
  TailLog& operator=(const TailLog&) = delete;

  // Calls the function for each line that was completed since the last time.
  void poll(const std::function<void(std::string_view line)>& take);

  std::int64_t rotations() const { return rotations_; }
  // Lines that were longer than any line of a log, and were left out.
  std::int64_t too_long() const { return too_long_; }

 private:
  bool open_at(bool at_end);
  void close();
  void read_rest(const std::function<void(std::string_view line)>& take);
  bool is_replaced() const;
  bool is_shorter() const;

  std::filesystem::path file_;
  std::string line_;  // the beginning of one that is not complete
  std::int64_t offset_ = 0;
  std::uint64_t device_ = 0, inode_ = 0;
  int descriptor_ = -1;
  bool skips_ = false;  // until the end of a line that is too long
  std::int64_t rotations_ = 0, too_long_ = 0;
};

}  // namespace cotenant
