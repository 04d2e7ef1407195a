// SPDX-License-Identifier: Apache-2.0
//
// Formats: cgroups(7), proc(5).
#include "validation/capture/recorder/control_group.h"

#include <map>
#include <system_error>

#include "validation/capture/recorder/cgroup_v2.h"
#include "validation/capture/recorder/kernel_file.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

// The name of version 2 in a map of controllers, as in /proc/PID/cgroup, where it has none.
constexpr const char* kUnified = "";

// Calls f(word) for each word of "cpu,cpuacct".
template <class F>
void for_each_of_list(std::string_view list, F f) {
  for (;;) {
    const std::size_t comma = list.find(',');
    f(list.substr(0, comma));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

// Where each controller is mounted.
std::map<std::string, std::string> mounts_of(const fs::path& root) {
  std::map<std::string, std::string> mounts;
  const std::string table = read_once(root / "proc/self/mounts").value_or("");
  for_each_line(table, [&](std::string_view line) {
    next_word(line);
    const std::string place(next_word(line));
    const std::string_view type = next_word(line);
    if (type == "cgroup2") mounts.emplace(kUnified, place);
    if (type != "cgroup") return;
    for_each_of_list(next_word(line),
                     [&](std::string_view option) { mounts.emplace(std::string(option), place); });
  });
  return mounts;
}

// The path of each controller's group: "4:memory:/web" and "0::/web".
std::map<std::string, std::string> paths_of(const fs::path& root, std::int64_t process) {
  std::map<std::string, std::string> paths;
  const std::string table =
      read_once(root / "proc" / std::to_string(process) / "cgroup").value_or("");
  for_each_line(table, [&](std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return;
    for_each_of_list(line.substr(first + 1, second - first - 1), [&](std::string_view controller) {
      paths[std::string(controller)] = std::string(line.substr(second + 1));
    });
  });
  return paths;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

class Hierarchies {
 public:
  explicit Hierarchies(const fs::path& root) : root_(root), mounts_(mounts_of(root)) {}

  bool has(const char* controller) const { return mounts_.contains(controller); }
  int version() const { return has("cpuacct") ? 1 : 2; }
  const char* of_cpu() const { return version() == 1 ? "cpuacct" : kUnified; }

  // Empty where the controller or the group is not there. Inside of a container the path may be one
  // of the host, whose group is mounted as the root.
  fs::path folder(const char* controller, const std::string& path) const {
    const auto found = mounts_.find(controller);
    if (found == mounts_.end()) return {};
    const fs::path mount = root_ / fs::path(found->second).relative_path();
    const fs::path folder = mount / fs::path(path).relative_path();
    if (is_folder(folder)) return path == "/" ? mount : folder;
    return {};
  }
  const std::map<std::string, std::string>& mounts() const { return mounts_; }

 private:
  fs::path root_;
  std::map<std::string, std::string> mounts_;
};

std::optional<ControlGroup> group_in(const Hierarchies& hierarchies,
                                     std::map<std::string, std::string> paths) {
  const std::string path = paths[hierarchies.of_cpu()];
  const auto at = [&](const char* controller) -> fs::path {
    const auto found = paths.find(controller);
    if (found == paths.end()) return {};
    // The root of another hierarchy is the whole machine, not this group.
    if (found->second == "/" && path != "/") return {};
    const fs::path folder = hierarchies.folder(controller, found->second);
    return folder.empty() ? hierarchies.folder(controller, "/") : folder;
  };
  ControlGroup group;
  group.version = hierarchies.version();
  group.folder = at(hierarchies.of_cpu());
  if (group.folder.empty()) return std::nullopt;
  const bool is_mounted_root = group.folder == hierarchies.folder(hierarchies.of_cpu(), "/");
  group.path = is_mounted_root ? "/" : path;
  if (group.version == 1) {
    group.folders = {at("cpu"), at("cpuacct"), at("memory"), at("blkio"), at(kUnified)};
    // There the pressure is that of the machine.
    if (paths[kUnified] == "/") group.folders.unified.clear();
  }
  return group;
}

}  // namespace

GroupFiles ControlGroup::files() const {
  return version == 1 ? cgroup_v1_files(folders) : cgroup_v2_files(folder);
}

CapturedGroup ControlGroup::limits() const {
  CapturedGroup limits = version == 1 ? cgroup_v1_limits(folders) : cgroup_v2_limits(folder);
  limits.name = name();
  return limits;
}

std::vector<std::int64_t> ControlGroup::members() const {
  std::vector<std::int64_t> members;
  for_each_line(read_once(folder / "cgroup.procs").value_or(""), [&](std::string_view line) {
    if (const auto id = number_in(line)) members.push_back(*id);
  });
  return members;
}

std::optional<ControlGroup> control_group_of(const fs::path& root, std::int64_t process) {
  const std::map<std::string, std::string> paths = paths_of(root, process);
  if (paths.empty()) return std::nullopt;
  return group_in(Hierarchies(root), paths);
}

std::optional<ControlGroup> control_group_at(const fs::path& root, const std::string& path) {
  const Hierarchies hierarchies(root);
  std::string below = path.starts_with('/') ? path : "/" + path;
  for (const auto& [controller, mount] : hierarchies.mounts()) {
    if (below == mount || below.starts_with(mount + "/")) below.erase(0, mount.size());
  }
  if (below.empty()) below = "/";
  while (below.size() > 1 && below.ends_with('/')) below.pop_back();
  if (hierarchies.folder(hierarchies.of_cpu(), below).empty()) return std::nullopt;
  std::map<std::string, std::string> paths;
  for (const auto& [controller, mount] : hierarchies.mounts()) {
    if (!hierarchies.folder(controller.c_str(), below).empty()) paths[controller] = below;
  }
  return group_in(hierarchies, paths);
}

std::vector<ControlGroup> limits_around(const fs::path& root, const ControlGroup& group) {
  std::vector<ControlGroup> groups;
  fs::path path = fs::path(group.path).parent_path();
  for (; path.has_relative_path(); path = path.parent_path()) {
    const auto around = control_group_at(root, path.string());
    if (!around) continue;
    const CapturedGroup limits = around->limits();
    if (limits.cpu_quota || limits.memory_max) groups.push_back(*around);
  }
  return groups;
}

}  // namespace cotenant
