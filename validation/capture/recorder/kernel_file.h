// SPDX-License-Identifier: Apache-2.0
//
// A file that the kernel makes while it is read (/proc, control groups). It is kept open and read
// from its beginning each time, because opening costs more than reading does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cotenant {

class KernelFile {
 public:
  // Of a long file only the beginning is read.
  static constexpr std::size_t kUsualBytes = 16 << 10;

  explicit KernelFile(std::filesystem::path file, std::size_t most_bytes = kUsualBytes);
  ~KernelFile();
  KernelFile(KernelFile&& other) noexcept;
  KernelFile& operator=(KernelFile&& other) noexcept;

  // What is in it now, or its first bytes, until the next call; nothing where it cannot be read. It
  // is opened anew after that, because what it told of may come back.
  std::optional<std::string_view> read(std::size_t first_bytes = static_cast<std::size_t>(-1));

  const std::filesystem::path& path() const { return path_; }

 private:
  void close();

  std::filesystem::path path_;
  std::string buffer_;
  int descriptor_ = -1;
};

// A file that is read once. Nothing where that is not possible.
std::optional<std::string> read_once(const std::filesystem::path& file);

// The whole number that a text begins with.
std::optional<std::int64_t> number_in(std::string_view text);
// The number after a key at the start of a line: "nr_periods 12".
std::optional<std::int64_t> number_of(std::string_view text, std::string_view key);

// Calls f(line) for each line.
template <class F>
void for_each_line(std::string_view text, F f) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    f(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// Takes the next word from the front, which blanks and tabs end; empty at the end of the text.
std::string_view next_word(std::string_view& text);

}  // namespace cotenant
