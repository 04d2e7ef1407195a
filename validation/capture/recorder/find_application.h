// SPDX-License-Identifier: Apache-2.0
//
// From what the user can say of a running application, a process, a port, a control group or a unit
// of systemd, to all that is recorded of it. Asked again after the application has ended, it finds
// the one that has taken its place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/control_group.h"
#include "validation/capture/recorder/processes.h"

namespace cotenant {

// Exactly one of them is set.
struct ApplicationSearch {
  std::optional<std::int64_t> process;
  std::optional<int> port;
  std::string group, unit;
};

struct Application {
  Process master;
  std::vector<std::int64_t> processes;  // the master first, then its descendants
  std::int64_t workers = 0;             // processes that serve
  std::optional<int> port;              // on which it listens
  ControlGroup group;
  bool is_alone = false;  // nobody else is in the group
  CapturedServer server;  // by the command line; its group is set by the recorder
};

// Why it was not found, as a sentence; empty if it was.
struct FoundApplication {
  std::optional<Application> application;
  std::string why_not;
};

FoundApplication find_application(const std::filesystem::path& root,
                                  const ApplicationSearch& search);

// How to find what takes its place: the same search, or for a process that will be gone its port,
// else its control group.
ApplicationSearch search_again(const ApplicationSearch& search, const Application& application);

}  // namespace cotenant
