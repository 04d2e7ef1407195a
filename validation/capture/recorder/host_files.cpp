// SPDX-License-Identifier: Apache-2.0
//
// Formats: proc(5), and Documentation/networking/proc_net_tcp.rst of the kernel.
#include "validation/capture/recorder/host_files.h"

#include <array>
#include <charconv>
#include <string>

#include "validation/capture/recorder/group_files.h"
#include "validation/capture/recorder/processes.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

// Only the first line of /proc/stat is about all CPUs, and only the first lines of /proc/net/tcp
// are sockets that listen: the kernel writes those before the connections.
constexpr std::size_t kFirstLines = 1024;
constexpr std::size_t kListeningSockets = 16 << 10;

fs::path net_of(const fs::path& root, std::int64_t process) {
  return root / "proc" / std::to_string(process) / "net";
}

std::optional<std::int64_t> hexadecimal(std::string_view text) {
  constexpr int kBase = 16;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, kBase);
  const bool complete = error == std::errc() && end == text.data() + text.size();
  return complete ? std::optional(value) : std::nullopt;
}

// "model name	: AMD EPYC" or "MemTotal:  2048 kB": what follows the colon.
std::string value_of(std::string_view text, std::string_view key) {
  std::string value;
  for_each_line(text, [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    if (!value.empty() || !line.starts_with(key) || colon == std::string_view::npos) return;
    const std::size_t start = line.find_first_not_of(" \t", colon + 1);
    if (start != std::string_view::npos) value = std::string(line.substr(start));
  });
  return value;
}

std::int64_t cores_in(std::string_view stat) {
  std::int64_t cores = 0;
  for_each_line(stat, [&](std::string_view line) {
    cores += line.starts_with("cpu") && line.size() > 3 && line[3] != ' ' ? 1 : 0;
  });
  return cores > 0 ? cores : 1;
}

}  // namespace

HostFiles::HostFiles(const fs::path& root)
    : stat_(root / "proc/stat", kFirstLines),
      cpu_(root / "proc/pressure/cpu"),
      memory_(root / "proc/pressure/memory"),
      io_(root / "proc/pressure/io") {}

std::optional<HostSample> HostFiles::read() {
  const auto stat = stat_.read();
  if (!stat || !stat->starts_with("cpu ")) return std::nullopt;
  std::string_view left = *stat;
  next_word(left);
  enum { kUser, kNice, kSystem, kIdle, kWaiting, kInterrupts, kSoftInterrupts, kStolen, kFields };
  std::array<CpuTime, kFields> times;
  for (CpuTime& time : times) time = cpu_ticks(number_in(next_word(left)).value_or(0));
  HostSample sample;
  sample.busy =
      times[kUser] + times[kNice] + times[kSystem] + times[kInterrupts] + times[kSoftInterrupts];
  sample.stolen = times[kStolen];
  sample.waiting_for_io = times[kWaiting];
  if (const auto text = cpu_.read()) sample.cpu_some = pressure_in(*text).some;
  if (const auto text = memory_.read()) {
    const Pressure pressure = pressure_in(*text);
    sample.memory_some = pressure.some;
    sample.memory_full = pressure.full;
  }
  if (const auto text = io_.read()) {
    const Pressure pressure = pressure_in(*text);
    sample.io_some = pressure.some;
    sample.io_full = pressure.full;
  }
  return sample;
}

AcceptQueue::AcceptQueue(const fs::path& root, std::int64_t process, int port) : port_(port) {
  for (const char* name : {"tcp", "tcp6"}) {
    Table table{KernelFile(net_of(root, process) / name, kListeningSockets)};
    if (read(table, kListeningSockets)) tables_.push_back(std::move(table));
  }
}

std::optional<std::int64_t> AcceptQueue::read() {
  std::optional<std::int64_t> waiting;
  for (Table& table : tables_) {
    auto here = read(table, table.enough);
    // Its line is further down than it was.
    if (!here) here = read(table, kListeningSockets);
    if (here) waiting = waiting.value_or(0) + *here;
  }
  return waiting;
}

std::optional<std::int64_t> AcceptQueue::read(Table& table, std::size_t bytes) {
  const auto text = table.file.read(bytes);
  std::optional<std::int64_t> waiting;
  for_each_line(text.value_or(std::string_view()), [&](std::string_view line) {
    const auto socket = listening_socket(line);
    if (!socket || socket->port != port_) return;
    // Several sockets may share a port (SO_REUSEPORT), each with a queue.
    waiting = waiting.value_or(0) + socket->waiting;
    table.enough = static_cast<std::size_t>(line.data() + line.size() - text->data()) + 1;
  });
  return waiting;
}

std::optional<ListeningSocket> listening_socket(std::string_view line) {
  // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
  constexpr std::string_view kListen = "0A";
  next_word(line);
  const std::string_view local = next_word(line);
  next_word(line);
  if (next_word(line) != kListen) return std::nullopt;
  const std::string_view queues = next_word(line);
  for (int skipped = 0; skipped < 4; ++skipped) next_word(line);
  const auto inode = number_in(next_word(line));
  const auto port = hexadecimal(local.substr(local.find(':') + 1));
  const auto waiting = hexadecimal(queues.substr(queues.find(':') + 1));
  if (!port || !waiting || !inode) return std::nullopt;
  return ListeningSocket{static_cast<int>(*port), *waiting, *inode};
}

CapturedMachine read_machine(const fs::path& root) {
  CapturedMachine machine;
  machine.cores = cores_in(read_once(root / "proc/stat").value_or(""));
  const std::string memory = value_of(read_once(root / "proc/meminfo").value_or(""), "MemTotal");
  if (const auto kib = number_in(memory)) machine.memory = Bytes(1024) * *kib;
  machine.processor = value_of(read_once(root / "proc/cpuinfo").value_or(""), "model name");
  const std::string kernel = read_once(root / "proc/sys/kernel/osrelease").value_or("");
  machine.kernel = kernel.substr(0, kernel.find('\n'));
  return machine;
}

}  // namespace cotenant
