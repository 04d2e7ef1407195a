// SPDX-License-Identifier: Apache-2.0
#include "validation/import/log_bytes.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace cotenant {
namespace {

// Several longest lines; blocks of this size are read at the speed of memory.
constexpr std::size_t kBuffer = 8 * LogBytes::kMaxLine;

gzFile handle(void* file) { return static_cast<gzFile>(file); }

}  // namespace

void LogBytes::Close::operator()(void* file) const { gzclose(handle(file)); }

LogBytes::LogBytes(const std::filesystem::path& file, const std::atomic<bool>* stop)
    : name_(file.string()), stop_(stop), buffer_(kBuffer) {
  if (std::filesystem::is_directory(file)) {
    throw std::runtime_error("cannot read " + name_ + ": Is a directory");
  }
  errno = 0;
  file_.reset(gzopen(name_.c_str(), "rb"));
  if (!file_) {
    throw std::runtime_error("cannot read " + name_ + ": " +
                             (errno == 0 ? "out of memory" : std::strerror(errno)));
  }
  gzbuffer(handle(file_.get()), 1 << 17);
}

bool LogBytes::fill() {
  if (stop_ != nullptr && *stop_) throw std::runtime_error("reading " + name_ + " was stopped");
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  errno = 0;
  const int count = gzread(handle(file_.get()), buffer_.data() + end_,
                           static_cast<unsigned>(buffer_.size() - end_));
  int error = Z_OK;
  const char* message = gzerror(handle(file_.get()), &error);
  if (count < 0 || (error != Z_OK && error != Z_STREAM_END && error != Z_BUF_ERROR)) {
    throw std::runtime_error("cannot read " + name_ + ": " +
                             (error == Z_ERRNO ? std::strerror(errno) : message));
  }
  if (error == Z_BUF_ERROR) throw std::runtime_error("cannot read " + name_ + ": it is cut off");
  end_ += static_cast<std::size_t>(count);
  bytes_ += count;
  return count > 0;
}

std::string_view LogBytes::head() {
  while (end_ < buffer_.size() && fill()) {
  }
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

bool LogBytes::next_of_more(std::string_view& line) {
  while (true) {
    const std::size_t seen = end_ - begin_;
    if (seen == buffer_.size()) {  // far too long: only its beginning counts
      take(line, end_);
      line_ = std::string(line);
      line = line_;
      begin_ = end_;
      skip_rest_of_line();
      return true;
    }
    if (!fill()) break;
    const void* end = std::memchr(buffer_.data() + seen, '\n', end_ - seen);
    if (end == nullptr) continue;
    take(line, static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()));
    return true;
  }
  if (begin_ == end_) return false;
  take(line, end_);
  begin_ = end_;
  return true;
}

void LogBytes::skip_rest_of_line() {
  while (true) {
    begin_ = end_;
    if (!fill()) return;
    const void* end = std::memchr(buffer_.data(), '\n', end_);
    if (end == nullptr) continue;
    begin_ = static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()) + 1;
    return;
  }
}

}  // namespace cotenant
