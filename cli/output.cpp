// SPDX-License-Identifier: Apache-2.0
//
// See the header. The order of write, fsync, rename is what makes the replacement atomic also when
// the machine crashes (rename(2), fsync(2)).
#include "cli/output.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include "study/writers/display.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& name, int error) {
  throw CannotWrite("cannot write " + printable(name) + ": " + std::strerror(error));
}

// The file that a chain of symbolic links ends at, so that a link is kept and its target written.
fs::path target_of(const std::string& file) {
  std::error_code ignored;
  if (!fs::is_symlink(file, ignored)) return file;
  std::error_code error;
  const fs::path target = fs::weakly_canonical(file, error);
  return error ? fs::path(file) : target;
}

fs::path directory_of(const fs::path& file) {
  return file.parent_path().empty() ? fs::path(".") : file.parent_path();
}

std::optional<struct stat> status_of(const fs::path& file) {
  struct stat found = {};
  return stat(file.c_str(), &found) == 0 ? std::optional(found) : std::nullopt;
}

// What open(2) would say: access(2) would judge by the real user id.
bool may(const fs::path& file, int mode) {
  return faccessat(AT_FDCWD, file.c_str(), mode, AT_EACCESS) == 0;
}

// 0, or the reason why not everything could be written.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

// Holds back what would end the program at once, a second Ctrl-C, while there is a temporary file.
// It ends it when the object is gone. The threads of the study have ended when something is
// written.
class Uninterrupted {
 public:
  Uninterrupted() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~Uninterrupted() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;

 private:
  sigset_t before_ = {};
};

// Devices and pipes.
void write_in_place(const std::string& name, const fs::path& file, std::string_view text) {
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) fail(name, errno);
  int error = write_all(fd, text);
  if (close(fd) != 0 && error == 0) error = errno;
  if (error != 0) fail(name, error);
}

// 0, or the reason of the failure. Leaves the file open and closed in both cases.
int fill(int fd, std::string_view text, const std::optional<struct stat>& previous) {
  int error = write_all(fd, text);
  if (error == 0 && previous && fchmod(fd, previous->st_mode & 07777u) != 0) error = errno;
  if (error == 0 && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  return error;
}

void replace(const std::string& name, const fs::path& file, std::string_view text,
             const std::optional<struct stat>& previous) {
  const std::string temporary = file.string() + ".tmp." + std::to_string(getpid());
  constexpr mode_t kReadableByAll = 0666;  // less the umask
  const Uninterrupted uninterrupted;
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kReadableByAll);
  if (fd < 0) fail(name, errno);
  int error = fill(fd, text, previous);
  if (error == 0 && std::rename(temporary.c_str(), file.c_str()) != 0) error = errno;
  if (error == 0) return;
  unlink(temporary.c_str());
  fail(name, error);
}

}  // namespace

void check_writable(const std::string& file) {
  const fs::path target = target_of(file);
  const std::optional<struct stat> found = status_of(target);
  if (found && S_ISDIR(found->st_mode)) fail(file, EISDIR);
  if (found && !S_ISREG(found->st_mode)) {
    if (!may(target, W_OK)) fail(file, errno);
    return;
  }
  const fs::path directory = directory_of(target);
  const std::optional<struct stat> parent = status_of(directory);
  if (!parent) fail(file, errno);
  if (!S_ISDIR(parent->st_mode)) fail(file, ENOTDIR);
  if (!may(directory, W_OK | X_OK)) fail(file, errno);
}

void write_file(const std::string& file, std::string_view text) {
  const fs::path target = target_of(file);
  const std::optional<struct stat> found = status_of(target);
  if (found && S_ISDIR(found->st_mode)) fail(file, EISDIR);
  if (found && !S_ISREG(found->st_mode)) {
    write_in_place(file, target, text);
  } else {
    replace(file, target, text, found);
  }
}

void write_stream(std::ostream& out, std::string_view text) {
  errno = 0;
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.flush();
  if (out) return;
  fail("standard output", errno != 0 ? errno : EIO);
}

void write_result(const std::string& file, std::string_view text, std::ostream& out) {
  if (file.empty()) return write_stream(out, text);
  write_file(file, text);
}

}  // namespace cotenant
