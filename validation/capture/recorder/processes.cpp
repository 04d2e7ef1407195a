// SPDX-License-Identifier: Apache-2.0
//
// Formats: proc(5).
#include "validation/capture/recorder/processes.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "validation/capture/recorder/kernel_file.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& root, std::int64_t id) {
  return root / "proc" / std::to_string(id);
}

std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  std::size_t start = 0;
  while (start < command.size()) {
    const std::size_t end = std::min(command.find('\0', start), command.size());
    words.push_back(command.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

}  // namespace

// The second field, the name, is in parentheses and may hold anything.
std::optional<Process> parse_process(std::string_view stat) {
  const std::size_t open = stat.find('('), close = stat.rfind(')');
  if (open == stat.npos || close == stat.npos || close < open) return std::nullopt;
  Process process;
  process.id = number_in(stat).value_or(0);
  process.name = std::string(stat.substr(open + 1, close - open - 1));
  std::string_view left = stat.substr(close + 1);
  constexpr int kState = 3, kParent = 4, kUser = 14, kSystem = 15, kChildrenUser = 16,
                kChildrenSystem = 17, kStart = 22;
  for (int field = kState; field <= kStart; ++field) {
    const std::int64_t number = number_in(next_word(left)).value_or(0);
    if (field == kParent) process.parent = number;
    if (field == kUser || field == kChildrenUser) process.user += cpu_ticks(number);
    if (field == kSystem || field == kChildrenSystem) process.system += cpu_ticks(number);
    if (field == kStart) process.start = number;
  }
  return process;
}

std::optional<Process> read_process(const fs::path& root, std::int64_t id) {
  const fs::path folder = folder_of(root, id);
  const auto stat = read_once(folder / "stat");
  auto process = stat ? parse_process(*stat) : std::nullopt;
  if (!process) return std::nullopt;
  if (const auto command = read_once(folder / "cmdline")) process->command = words_of(*command);
  return process;
}

std::vector<std::int64_t> process_ids(const fs::path& root) {
  std::vector<std::int64_t> ids;
  std::error_code error;
  for (fs::directory_iterator entry(root / "proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == name.npos;
    if (const auto id = number_in(name); is_number && id) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::int64_t> family_of(const fs::path& root, std::int64_t id) {
  std::multimap<std::int64_t, std::int64_t> children;
  bool is_there = false;
  for (const std::int64_t other : process_ids(root)) {
    const auto text = read_once(folder_of(root, other) / "stat");
    const auto process = text ? parse_process(*text) : std::nullopt;
    if (!process) continue;
    children.emplace(process->parent, other);
    is_there = is_there || other == id;
  }
  if (!is_there) return {};
  std::vector<std::int64_t> family = {id};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const auto [first, last] = children.equal_range(family[i]);
    for (auto child = first; child != last; ++child) {
      if (child->second != family[i]) family.push_back(child->second);
    }
  }
  return family;
}

std::optional<Bytes> private_memory(const fs::path& root, std::int64_t id) {
  const auto text = read_once(folder_of(root, id) / "smaps_rollup");
  const auto kib = text ? number_of(*text, "Pss:") : std::nullopt;
  return kib ? std::optional(Bytes(1024) * *kib) : std::nullopt;
}

}  // namespace cotenant
