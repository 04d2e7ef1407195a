// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/find_application.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "validation/capture/recorder/host_files.h"
#include "validation/capture/recorder/kernel_file.h"
#include "validation/capture/recorder/server_command.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

// Ports by the inode of their socket, of all that listen in the network namespace of a process.
std::map<std::int64_t, int> listening_ports(const fs::path& root, const std::string& process) {
  std::map<std::int64_t, int> ports;
  for (const char* table : {"tcp", "tcp6"}) {
    const std::string text = read_once(root / "proc" / process / "net" / table).value_or("");
    for_each_line(text, [&](std::string_view line) {
      if (const auto socket = listening_socket(line)) ports[socket->inode] = socket->port;
    });
  }
  return ports;
}

// Inodes of the sockets that a process has open; none where that is not allowed.
std::set<std::int64_t> sockets_of(const fs::path& root, std::int64_t process) {
  constexpr std::string_view kSocket = "socket:[";
  std::set<std::int64_t> inodes;
  std::error_code error;
  const fs::path folder = root / "proc" / std::to_string(process) / "fd";
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(entry->path(), gone).string();
    if (gone || !target.starts_with(kSocket)) continue;
    if (const auto inode = number_in(std::string_view(target).substr(kSocket.size()))) {
      inodes.insert(*inode);
    }
  }
  return inodes;
}

// The one of them whose parent is not among them; the first, where several are.
std::optional<std::int64_t> topmost(const fs::path& root, const std::vector<std::int64_t>& ids) {
  for (const std::int64_t id : ids) {
    const auto process = read_process(root, id);
    if (process && std::find(ids.begin(), ids.end(), process->parent) == ids.end()) return id;
  }
  return std::nullopt;
}

std::optional<std::int64_t> master_on_port(const fs::path& root, int port) {
  std::set<std::int64_t> inodes;
  for (const auto& [inode, its_port] : listening_ports(root, "self")) {
    if (its_port == port) inodes.insert(inode);
  }
  if (inodes.empty()) return std::nullopt;
  std::vector<std::int64_t> holders;
  for (const std::int64_t id : process_ids(root)) {
    const std::set<std::int64_t> sockets = sockets_of(root, id);
    const bool holds = std::any_of(inodes.begin(), inodes.end(),
                                   [&](std::int64_t inode) { return sockets.contains(inode); });
    if (holds) holders.push_back(id);
  }
  // systemd keeps the sockets that it has opened for a unit.
  if (holders.size() > 1 && holders.front() == 1) holders.erase(holders.begin());
  return topmost(root, holders);
}

// Up from a worker: as long as the parent is the same server.
std::int64_t master_of(const fs::path& root, std::int64_t id) {
  for (;;) {
    const auto process = read_process(root, id);
    if (!process) return id;
    const auto parent = read_process(root, process->parent);
    const std::string software = server_of_command(process->command).software;
    if (!parent || software.empty()) return id;
    if (server_of_command(parent->command).software != software) return id;
    id = parent->id;
  }
}

std::optional<int> port_of(const fs::path& root, std::int64_t master) {
  const auto ports = listening_ports(root, std::to_string(master));
  for (const std::int64_t inode : sockets_of(root, master)) {
    if (const auto found = ports.find(inode); found != ports.end()) return found->second;
  }
  return std::nullopt;
}

// Children of the master that serve; the master itself, where it has none.
std::int64_t workers_of(const fs::path& root, const Application& application) {
  std::int64_t workers = 0;
  for (const std::int64_t id : application.processes) {
    const auto process = read_process(root, id);
    if (!process || process->parent != application.master.id) continue;
    // Python's multiprocessing has one that only cleans up.
    const bool cleans_up = std::any_of(
        process->command.begin(), process->command.end(),
        [](const std::string& word) { return word.find("resource_tracker") != std::string::npos; });
    if (!cleans_up) ++workers;
  }
  return std::max<std::int64_t>(workers, 1);
}

FoundApplication not_found(std::string why) { return {std::nullopt, std::move(why)}; }

FoundApplication application_of(const fs::path& root, std::int64_t master) {
  const std::string name = "process " + std::to_string(master);
  const auto process = read_process(root, master);
  if (!process) return not_found("there is no " + name);
  const auto group = control_group_of(root, master);
  if (!group) return not_found("the control group of " + name + " cannot be read");
  Application application;
  application.master = *process;
  application.processes = family_of(root, master);
  application.group = *group;
  application.port = port_of(root, master);
  application.server = server_of_command(process->command);
  application.workers = workers_of(root, application);
  const std::vector<std::int64_t> members = group->members();
  application.is_alone =
      !group->is_root() && std::all_of(members.begin(), members.end(), [&](std::int64_t id) {
        return std::find(application.processes.begin(), application.processes.end(), id) !=
               application.processes.end();
      });
  return {application, {}};
}

FoundApplication application_in(const fs::path& root, const std::string& path) {
  const auto group = control_group_at(root, path);
  if (!group) return not_found("there is no control group " + path);
  const auto master = topmost(root, group->members());
  if (!master) return not_found("there is no process in the control group " + path);
  return application_of(root, *master);
}

// Where systemd puts a unit of the system.
std::string path_of_unit(const std::string& unit) {
  return "/system.slice/" + (unit.find('.') == std::string::npos ? unit + ".service" : unit);
}

}  // namespace

FoundApplication find_application(const fs::path& root, const ApplicationSearch& search) {
  if (search.process) return application_of(root, master_of(root, *search.process));
  if (search.port) {
    const auto master = master_on_port(root, *search.port);
    if (master) return application_of(root, *master);
    return not_found("no process that can be seen listens on port " + std::to_string(*search.port) +
                     " (the processes of other users can be seen by root only)");
  }
  return application_in(root, search.unit.empty() ? search.group : path_of_unit(search.unit));
}

ApplicationSearch search_again(const ApplicationSearch& search, const Application& application) {
  if (!search.process) return search;
  ApplicationSearch again;
  if (application.port) {
    again.port = application.port;
  } else if (application.is_alone) {
    again.group = application.group.path;
  } else {
    again.process = search.process;
  }
  return again;
}

}  // namespace cotenant
