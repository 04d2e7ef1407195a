// SPDX-License-Identifier: Apache-2.0
#include "scenarios/line_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "scenarios/syntax_error.h"

namespace cotenant {
namespace {

gzFile handle(void* file) { return static_cast<gzFile>(file); }

// Whatever is read may be shown in a message on a terminal.
bool is_text(std::string_view line) {
  const bool control = std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
  return !control && !find_bad_byte(line);
}

}  // namespace

void LineReader::Close::operator()(void* file) const { gzclose(handle(file)); }

LineReader::LineReader(const std::filesystem::path& file) : name_(file.string()) {
  if (std::filesystem::is_directory(file)) throw std::runtime_error(name_ + " is a directory");
  errno = 0;
  file_.reset(gzopen(name_.c_str(), "rb"));
  if (!file_) {
    throw std::runtime_error("cannot open " + name_ + ": " +
                             (errno == 0 ? "out of memory" : std::strerror(errno)));
  }
  gzbuffer(handle(file_.get()), 1 << 17);
}

bool LineReader::next(std::string& line) {
  line.clear();
  std::array<char, 4096> chunk;
  while (gzgets(handle(file_.get()), chunk.data(), static_cast<int>(chunk.size()))) {
    line += chunk.data();
    if (line.size() > kMaxLine) {
      throw std::runtime_error(name_ + ": line " + std::to_string(line_number_ + 1) +
                               " is longer than 1 MiB");
    }
    if (line.ends_with('\n')) break;
  }
  int error = Z_OK;
  const char* message = gzerror(handle(file_.get()), &error);
  if (error != Z_OK && error != Z_STREAM_END) {
    throw std::runtime_error("cannot read " + name_ + ": " + message);
  }
  if (line.empty()) return false;
  if (line.ends_with('\n')) line.pop_back();
  if (line.ends_with('\r')) line.pop_back();
  ++line_number_;
  if (!is_text(line)) {
    throw std::runtime_error(name_ + ": line " + std::to_string(line_number_) +
                             " is not text: it has control characters or is not UTF-8");
  }
  return true;
}

}  // namespace cotenant
