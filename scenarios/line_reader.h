// SPDX-License-Identifier: Apache-2.0
//
// The lines of a text file, plain or gzip-compressed, one at a time in bounded memory.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace cotenant {

class LineReader {
 public:
  // Longer lines are not text that anybody wrote; next() throws for them.
  static constexpr std::size_t kMaxLine = 1 << 20;

  // Throws std::runtime_error when the file cannot be opened.
  explicit LineReader(const std::filesystem::path& file);

  // The next line without its end ("\n" or "\r\n"), which is UTF-8 without control characters;
  // false after the last one. Throws std::runtime_error for a file that is damaged, cut off or no
  // text.
  bool next(std::string& line);

  // Of the line last returned, counted from 1.
  std::size_t line_number() const { return line_number_; }

 private:
  struct Close {
    void operator()(void* file) const;
  };

  std::string name_;
  std::unique_ptr<void, Close> file_;  // a zlib gzFile
  std::size_t line_number_ = 0;
};

}  // namespace cotenant
