// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/tail_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace cotenant {
namespace {

// nginx takes request lines of 8 KiB and headers of 32 KiB unless it is told otherwise.
constexpr std::size_t kLongestLine = 1 << 16;

}  // namespace

TailLog::TailLog(std::filesystem::path file) : file_(std::move(file)) { open_at(true); }

TailLog::~TailLog() { close(); }

void TailLog::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

bool TailLog::open_at(bool at_end) {
  close();
  line_.clear();
  skips_ = false;
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat found = {};
  if (descriptor_ < 0 || fstat(descriptor_, &found) != 0) return false;
  device_ = found.st_dev;
  inode_ = found.st_ino;
  offset_ = at_end ? found.st_size : 0;
  return true;
}

bool TailLog::is_replaced() const {
  struct stat found = {};
  if (stat(file_.c_str(), &found) != 0) return false;  // it is being renamed: the new one will come
  return found.st_ino != inode_ || found.st_dev != device_;
}

bool TailLog::is_shorter() const {
  struct stat found = {};
  return fstat(descriptor_, &found) == 0 && found.st_size < offset_;
}

void TailLog::poll(const std::function<void(std::string_view line)>& take) {
  if (descriptor_ < 0 && !open_at(false)) return;
  if (is_shorter()) {  // copytruncate of logrotate
    ++rotations_;
    offset_ = 0;
    line_.clear();
  }
  // What was written to the old file before it was replaced is read before the new one.
  const bool replaced = is_replaced();
  read_rest(take);
  if (!replaced) return;
  ++rotations_;
  if (open_at(false)) read_rest(take);
}

void TailLog::read_rest(const std::function<void(std::string_view line)>& take) {
  std::array<char, 1 << 16> chunk;
  for (;;) {
    const ssize_t count = pread(descriptor_, chunk.data(), chunk.size(), offset_);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    offset_ += count;
    std::string_view left(chunk.data(), static_cast<std::size_t>(count));
    for (;;) {
      const std::size_t end = left.find('\n');
      if (!skips_) line_ += left.substr(0, end);
      if (line_.size() > kLongestLine) {
        ++too_long_;
        skips_ = true;
        line_.clear();
      }
      if (end == std::string_view::npos) break;
      if (!skips_) take(line_);
      skips_ = false;
      line_.clear();
      left.remove_prefix(end + 1);
    }
  }
}

}  // namespace cotenant
