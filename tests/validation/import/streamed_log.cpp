// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/import/streamed_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "tests/support/temporary_directory.h"
#include "validation/import/log_tally.h"

namespace cotenant::test {
namespace {

constexpr int kLinesInBlock = 5'000;

std::int64_t peak_memory() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

// A block of lines with a mark instead of the time of day, which every block has another of.
std::string block_of(std::string_view clock) {
  std::string text;
  for (int i = 0; i < kLinesInBlock; ++i) {
    text += fmt::format(
        "203.0.113.9 - - [{}] \"GET /products/{}?q={} HTTP/1.1\" 200 {} \"https://example.org/\" "
        "\"Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0\" 0.{:03}\n",
        clock, i * 7919 % 100'000, i, 1000 + i, i % 250);
  }
  return text;
}

std::string clock_of(std::int64_t second) {
  return fmt::format("{:02}/Dec/2025:{:02}:{:02}:{:02} +0000", 1 + second / 86'400 % 28,
                     second / 3600 % 24, second / 60 % 60, second % 60);
}

bool write_all(int pipe, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = write(pipe, text.data() + done, text.size() - done);
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

// Blocks of one second each, made by replacing the clock of the one before.
std::int64_t write_log(const std::string& file, std::int64_t bytes) {
  const int pipe = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  const std::string mark = clock_of(0);
  std::string block = block_of(mark);
  std::int64_t rows = 0, written = 0;
  for (std::int64_t second = 0; written < bytes; ++second) {
    const std::string clock = clock_of(second);
    for (std::size_t at = block.find('['); at != block.npos; at = block.find("\n203", at)) {
      at = block.find('[', at);
      block.replace(at + 1, clock.size(), clock);
    }
    if (!write_all(pipe, block)) break;
    rows += kLinesInBlock;
    written += static_cast<std::int64_t>(block.size());
  }
  close(pipe);
  return rows;
}

}  // namespace

StreamedLog read_streamed_log(std::int64_t bytes) {
  const TemporaryDirectory directory;
  const std::string file = (directory.path() / "access.log").string();
  StreamedLog log;
  if (mkfifo(file.c_str(), 0600) != 0) return log;
  block_of(clock_of(0));  // what the writer needs is not the reader's
  const std::int64_t before = peak_memory();
  std::thread writer([&] { log.expected = write_log(file, bytes); });
  {
    LogBytes lines(file);
    const auto format = detect_access_log(lines.head());
    LogTally tally;
    if (format) tally.read(lines, file, *format);
    log.rows = tally.requests();
    log.bytes = lines.bytes();
  }
  writer.join();
  log.grown = peak_memory() - before;
  return log;
}

}  // namespace cotenant::test
