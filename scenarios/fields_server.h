// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: fields that several kinds of servers have, and the short form of overheads.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "scenarios/field.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

// An overhead that changes nothing of its preset is written as the name of that.
template <class AnyOverhead, const auto& kPresets>
struct NameOfPreset {
  using Value = std::string;
  static constexpr Field kField = {.help = "A preset.", .choices = kPresets};
  static const std::string* get(const AnyOverhead& overhead) {
    AnyOverhead plain;
    plain.preset = overhead.preset;
    return overhead == plain ? &overhead.preset : nullptr;
  }
  static void set(AnyOverhead& overhead, const std::string& preset) { overhead.preset = preset; }
};

inline constexpr std::string_view kImportHelp =
    "CPU that a new worker needs to import the application.";
inline constexpr Whole kImportCpu = between(seconds(0), seconds(3600));

// Of the overhead of any server.
inline constexpr Field kColdAfterField = {
    .help = "Time since the process last ran from which the cold costs apply.",
    .whole = between(nanoseconds(0), seconds(3600)),
    .absent = "as in the preset"};
inline constexpr Field kKeepField = {
    .help =
        "Instead of finish, when the connection stays open; the rest of finish is due when it "
        "is closed.",
    .absent = "as in the preset"};
inline constexpr Field kFinishField = {.help = "After the reply: costs capacity, not latency.",
                                       .absent = "as in the preset"};
// Of servers whose processes accept before they can serve.
inline constexpr Field kBacklogField = {
    .help =
        "Connections that no process has accepted: the backlog of listen(2), which somaxconn "
        "limits.",
    .whole = {0, 65'535}};

inline constexpr std::array<std::string_view, 2> kSockets = {"tcp", "unix"};

// Of servers that others on the same machine may connect to by a file.
template <class Visitor, class Server>
void socket_field(Visitor& v, Server& server) {
  v.field("socket", server.socket,
          {.help = "What it listens on: tcp, or a UNIX socket, which needs no local port and turns "
                   "nginx and whoever else does not wait away at once when its queue is full.",
           .choices = kSockets});
}

// Of servers of which is known how many of them a process has open itself.
template <class Visitor, class Server>
void nofile_field(Visitor& v, Server& server) {
  v.field(
      "nofile", server.nofile,
      {.help = "File descriptors that each process may have open (ulimit -n), its own included: "
               "without one it accepts nothing, and connects nowhere.",
       .whole = {1, 1'048'576},
       .absent = "not counted"});
}

template <class Visitor, class Server>
void keep_alive_field(Visitor& v, Server& server) {
  v.field("keep_alive", server.keep_alive,
          {.help = "How long a connection stays open after a reply, if its client keeps it, too, "
                   "and nothing comes; 0s: connections are closed after each reply.",
           .whole = between(seconds(0), seconds(86'400))});
}
// Of servers whose threads share Python's lock.
template <class Visitor, class Server>
void lock_fields(Visitor& v, Server& server) {
  v.field("gil", server.gil,
          {.help = "Python's global lock, which the threads of a process share; false: a "
                   "free-threaded build, without it.",
           .source = kLockOfPython});
  v.field("switch_interval", server.switch_interval,
          {.help = "sys.setswitchinterval(): how long a thread waits for the lock before it asks "
                   "for it.",
           .whole = between(microseconds(1), seconds(10)),
           .source = kSwitchIntervalOfPython});
}

}  // namespace cotenant
