// SPDX-License-Identifier: Apache-2.0
//
// Files that are rows of gzip members (RFC 1952): each is complete in itself, with a checksum, so
// that whatever ends the writer costs the member that it was writing and nothing before it. gzip
// and zcat read them as one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace cotenant {

// The text as one member; the same bytes for the same text.
std::string gzip_member(std::string_view text);

// CRC-32 of gzip, of bytes that follow those whose sum is `before`.
std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0);

class GzipMembers {
 public:
  enum class End { whole, cut_off, damaged };

  // More text in one member is not what a writer of ours makes, and is taken for damage.
  static constexpr std::size_t kMostText = 64 << 20;

  // Throws std::runtime_error when the file cannot be opened.
  explicit GzipMembers(const std::filesystem::path& file);

  // The text of the next member that is whole; false after the last one. Throws
  // std::runtime_error when the file cannot be read.
  bool next(std::string& text);

  // After the last one: how the file ends, and the sum of all its bytes.
  End end() const { return end_; }
  std::uint32_t sum() const { return sum_; }

 private:
  bool fill();
  std::string_view rest() const { return std::string_view(buffer_).substr(used_); }

  std::string name_;
  std::ifstream in_;
  std::string buffer_;  // what was read last, of which `used_` bytes are behind us
  std::size_t used_ = 0;
  std::uint32_t sum_ = 0;
  End end_ = End::whole;
};

}  // namespace cotenant
