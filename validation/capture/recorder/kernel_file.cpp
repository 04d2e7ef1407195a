// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/kernel_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

namespace cotenant {

KernelFile::KernelFile(std::filesystem::path file, std::size_t most_bytes)
    : path_(std::move(file)), buffer_(most_bytes, '\0') {}

KernelFile::~KernelFile() { close(); }

KernelFile::KernelFile(KernelFile&& other) noexcept
    : path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

KernelFile& KernelFile::operator=(KernelFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(buffer_, other.buffer_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void KernelFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

std::optional<std::string_view> KernelFile::read(std::size_t first_bytes) {
  if (descriptor_ < 0) descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) return std::nullopt;
  const std::size_t most = std::min(first_bytes, buffer_.size());
  std::size_t size = 0;
  while (size < most) {
    const ssize_t count =
        pread(descriptor_, buffer_.data() + size, most - size, static_cast<off_t>(size));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      close();
      return std::nullopt;
    }
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  return std::string_view(buffer_).substr(0, size);
}

std::optional<std::string> read_once(const std::filesystem::path& file) {
  constexpr std::size_t kChunk = 4096, kMostBytes = 1 << 20;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::string text;
  ssize_t count = 0;
  do {
    std::array<char, kChunk> chunk;
    count = ::read(descriptor, chunk.data(), chunk.size());
    if (count > 0) text.append(chunk.data(), static_cast<std::size_t>(count));
  } while ((count > 0 && text.size() < kMostBytes) || (count < 0 && errno == EINTR));
  ::close(descriptor);
  return count < 0 ? std::nullopt : std::optional(std::move(text));
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> number_of(std::string_view text, std::string_view key) {
  std::optional<std::int64_t> number;
  for_each_line(text, [&](std::string_view line) {
    if (line.size() <= key.size() || !line.starts_with(key)) return;
    const char after = line[key.size()];
    if (after != ' ' && after != '\t') return;
    line.remove_prefix(key.size());
    number = number_in(next_word(line));
  });
  return number;
}

std::string_view next_word(std::string_view& text) {
  constexpr std::string_view kBlanks = " \t\n";
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) {
    text = {};
    return {};
  }
  text.remove_prefix(start);
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace cotenant
