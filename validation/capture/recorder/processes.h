// SPDX-License-Identifier: Apache-2.0
//
// What /proc tells of processes. The root of the file system is given, so that tests can have their
// own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/units.h"
#include "validation/capture/capture.h"

namespace cotenant {

struct Process {
  std::int64_t id = 0;
  std::int64_t parent = 0;
  std::int64_t start = 0;            // in ticks after boot: ids are used again, this is not
  std::string name;                  // "gunicorn"
  std::vector<std::string> command;  // its words; empty for a kernel thread and a zombie
  CpuTime user, system;              // with those of its children that have ended
};

// Of the text of /proc/PID/stat, without its command. Nothing where it is none.
std::optional<Process> parse_process(std::string_view stat);

// Nothing where there is none.
std::optional<Process> read_process(const std::filesystem::path& root, std::int64_t id);

// Of all there are, ascending by id.
std::vector<std::int64_t> process_ids(const std::filesystem::path& root);

// The process and all that descend from it, by the ids that are there now.
std::vector<std::int64_t> family_of(const std::filesystem::path& root, std::int64_t id);

// Proportional set size: its own pages, and its share of those that are shared. Nothing where that
// is not allowed.
std::optional<Bytes> private_memory(const std::filesystem::path& root, std::int64_t id);

// A tick of user time in /proc (USER_HZ): 100 a second on every Linux of today.
inline constexpr std::int64_t kTicksPerSecond = 100;
constexpr CpuTime cpu_ticks(std::int64_t ticks) {
  return CpuTime(1'000'000'000 / kTicksPerSecond) * ticks;
}

}  // namespace cotenant
