// SPDX-License-Identifier: Apache-2.0
//
// POSIX calls instead of streams: a stream opens a directory without complaint and keeps the reason
// of a failure to itself.
#include "cli/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "scenarios/document.h"
#include "study/writers/display.h"

namespace cotenant {
namespace {

constexpr std::size_t kMostBytes = kMaxDocumentBytes + 1;

[[noreturn]] void fail(const std::string& name, const std::string& reason) {
  throw CannotRead("cannot read " + printable(name) + ": " + reason);
}

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::string& file) : fd_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail(file, std::strerror(errno));
  }
  ~FileDescriptor() { close(fd_); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

std::string read_file(const std::string& file) {
  const FileDescriptor descriptor(file);
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() < kMostBytes) {
    const ssize_t count = read(descriptor.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(file, std::strerror(errno));
    if (count == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::string read_stream(std::istream& in) {
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() < kMostBytes && in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) fail("standard input", "it ended with an error");
  return text;
}

}  // namespace

Input read_input(const std::string& file, std::istream& in) {
  if (file == "-") return {"standard input", ".", read_stream(in)};
  std::filesystem::path directory = std::filesystem::path(file).parent_path();
  if (directory.empty()) directory = ".";
  return {file, directory, read_file(file)};
}

}  // namespace cotenant
