// SPDX-License-Identifier: Apache-2.0
//
// The lines of a log, plain or gzip-compressed, in one buffer that does not grow: a log may be of
// any length and hold any bytes. A line that is longer than anybody's log has is cut and says so.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

class LogBytes {
 public:
  // nginx takes request lines of 8 KiB and headers of 32 KiB unless it is told otherwise.
  static constexpr std::size_t kMaxLine = std::size_t{1} << 16;

  // Throws std::runtime_error when the file cannot be opened, as the others do when it is damaged
  // or once `stop` is set.
  explicit LogBytes(const std::filesystem::path& file, const std::atomic<bool>* stop = nullptr);

  // The first bytes of the file, at most so many as the buffer holds, before any next().
  std::string_view head();

  // The next line without its end, valid until the next call; false after the last one.
  bool next(std::string_view& line) {
    const void* end = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
    if (end == nullptr) [[unlikely]]
      return next_of_more(line);
    take(line, static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()));
    return true;
  }

  // Of the line last returned, counted from 1.
  std::int64_t line_number() const { return line_number_; }
  // Whether it was longer than kMaxLine; then it is only its beginning.
  bool was_cut() const { return was_cut_; }
  // Of the text so far, not of the compressed file.
  std::int64_t bytes() const { return bytes_; }

 private:
  struct Close {
    void operator()(void* file) const;
  };

  void take(std::string_view& line, std::size_t end) {
    line = std::string_view(buffer_.data() + begin_, end - begin_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin_ = end + 1;
    was_cut_ = line.size() > kMaxLine;
    if (was_cut_) [[unlikely]]
      line = line.substr(0, kMaxLine);
    ++line_number_;
  }
  bool next_of_more(std::string_view& line);
  void skip_rest_of_line();
  bool fill();  // false at the end of the file

  std::string name_;
  const std::atomic<bool>* stop_;
  std::unique_ptr<void, Close> file_;  // a zlib gzFile
  std::vector<char> buffer_;
  std::string line_;                 // the beginning of one that does not fit
  std::size_t begin_ = 0, end_ = 0;  // of what is in it and was not returned
  std::int64_t line_number_ = 0;
  std::int64_t bytes_ = 0;
  bool was_cut_ = false;
};

}  // namespace cotenant
