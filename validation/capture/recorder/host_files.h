// SPDX-License-Identifier: Apache-2.0
//
// What /proc tells of the whole machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/kernel_file.h"

namespace cotenant {

class HostFiles {
 public:
  explicit HostFiles(const std::filesystem::path& root);

  // Counters as the kernel has them. Nothing where /proc/stat cannot be read.
  std::optional<HostSample> read();

 private:
  KernelFile stat_, cpu_, memory_, io_;
};

// Connections that wait in the queue of the socket that listens on a port, IPv4 or IPv6, as the
// network namespace of a process has it. The kernel makes these tables line by line, going through
// all connections that there may be, so no more of them is read than up to the line that is wanted.
class AcceptQueue {
 public:
  AcceptQueue(const std::filesystem::path& root, std::int64_t process, int port);
  // Nothing where nobody listens.
  std::optional<std::int64_t> read();

 private:
  struct Table {
    KernelFile file;
    std::size_t enough = 0;  // bytes; 0: it is not in there
  };
  std::optional<std::int64_t> read(Table& table, std::size_t bytes);

  int port_;
  std::vector<Table> tables_;
};

// Of a line of /proc/net/tcp: a socket that listens.
struct ListeningSocket {
  int port = 0;
  std::int64_t waiting = 0;  // to be accepted
  std::int64_t inode = 0;
};
std::optional<ListeningSocket> listening_socket(std::string_view line);

CapturedMachine read_machine(const std::filesystem::path& root);

}  // namespace cotenant
