// SPDX-License-Identifier: Apache-2.0
//
// Checks of what sessions request: that the classes are theirs, that each of them is requested, and
// that every session ends.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "scenarios/application.h"
#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

using Names = std::vector<std::string_view>;

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of another class there is none, or it has arrivals of its own.
void check_name(Checker& checker, const std::string& pointer, const std::string& name,
                const Names& classes) {
  if (has(classes, name)) return;
  const auto& requests = checker.scenario().workload.requests;
  if (find_named(requests, name) == nullptr) {
    return check_reference(checker, pointer, "request class", name, classes);
  }
  checker.problem(pointer, in_quotes(name) + " does not share these arrivals: it has its own");
}

void check_all_requested(Checker& checker, const std::string& pointer, const Names& requested,
                         const Names& classes) {
  for (const std::string_view name : classes) {
    const RequestClass* request = find_named(checker.scenario().workload.requests, name);
    if (!has(requested, name)) {
      checker.problem(pointer, "no session would request " + in_quotes(name));
    } else if (request->share != 1) {
      checker.problem("/workload/requests/" + std::string(name) + "/share",
                      "must not be said: what sessions request says how many there are");
    }
  }
}

// Rounding of a few sums.
constexpr double kAlmostOne = 1 + 1e-9;

double sum_of(const Turn& turn) {
  double sum = 0;
  for (const Hop& hop : turn.next) sum += hop.probability;
  return sum;
}

void check_hops(Checker& checker, const std::string& pointer, const Turn& turn,
                const Names& turns) {
  for (std::size_t i = 0; i < turn.next.size(); ++i) {
    check_reference(checker, fmt::format("{}/next/{}/0", pointer, i), "turn of the walk",
                    turn.next[i].request_class, turns);
  }
  if (sum_of(turn) > kAlmostOne) {
    checker.problem(pointer + "/next", fmt::format("probabilities must not be more than 1 in all, "
                                                   "got {}",
                                                   to_text(sum_of(turn))));
  }
}

// A turn ends if the session may end after it, or may go on to one that ends. What is certain but
// for rounding is certain.
bool may_end(const Turn& turn, const Names& ending) {
  return sum_of(turn) < 1 - (kAlmostOne - 1) ||
         std::any_of(turn.next.begin(), turn.next.end(), [&](const Hop& hop) {
           return hop.probability > 0 && has(ending, hop.request_class);
         });
}

Names ending_turns(const Named<Turn>& walk) {
  Names ending;
  for (bool more = true; std::exchange(more, false);) {
    for (const auto& [name, turn] : walk) {
      if (has(ending, name) || !may_end(turn, ending)) continue;
      ending.push_back(name);
      more = true;
    }
  }
  return ending;
}

void check_walk(Checker& checker, const std::string& pointer, const Named<Turn>& walk,
                const Names& classes) {
  for (const auto& [name, turn] : walk) {
    check_name(checker, pointer + pointer_token(name), name, classes);
    check_hops(checker, pointer + pointer_token(name), turn, names_of(walk));
  }
  const Names ending = ending_turns(walk);
  for (const auto& [name, turn] : walk) {
    if (has(ending, name)) continue;
    checker.problem(pointer + pointer_token(name),
                    "a session that comes here would never end: the probabilities of what follows "
                    "leave nothing");
  }
  check_all_requested(checker, pointer, names_of(walk), classes);
}

// Of the servers that keep the connection in the end: the first without an event loop; null: there
// is none.
const std::string* without_event_loop(const Named<Service>& application, const Service* service) {
  for (std::size_t s = 0; s < application.size(); ++s) {
    if (&application[s].second != service) continue;
    for (const std::size_t last : last_servers_of(application, s)) {
      if (!has_event_loops(application[last].second)) return &application[last].first;
    }
  }
  return nullptr;
}

// A proxy answers with files by itself, as it answers requests.
bool check_no_files(Checker& checker, const std::string& pointer, const Names& classes) {
  for (const std::string_view name : classes) {
    if (!find_named(checker.scenario().workload.requests, name)->file) continue;
    checker.problem(pointer, in_quotes(name) + " is a file, which nobody sends over a WebSocket");
    return false;
  }
  return true;
}

// Who else would have to speak WebSocket.
void check_websocket_service(Checker& checker, const std::string& pointer, const Names& classes) {
  const Scenario& scenario = checker.scenario();
  if (!checker.sound("/application")) return;
  const Service* first = nullptr;
  for (const std::string_view name : classes) {
    const Service* service = service_of(scenario, *find_named(scenario.workload.requests, name));
    if (service == nullptr) return;
    if (const std::string* server = without_event_loop(scenario.application, service)) {
      const std::string behind = is_proxy(*service) ? ", " + in_quotes(*server) + "," : "";
      return checker.problem(pointer, "needs an event loop: the server of " + in_quotes(name) +
                                          behind +
                                          " holds a worker or thread for each request, and cannot "
                                          "keep a connection open in between");
    }
    if (first != nullptr && service != first) {
      return checker.problem(pointer, "a WebSocket is to one service: " + in_quotes(name) +
                                          " is served by another one");
    }
    first = service;
  }
}

void check_websocket(Checker& checker, const std::string& pointer, const WebSocket& socket,
                     const Names& classes) {
  if (check_no_files(checker, pointer, classes)) check_websocket_service(checker, pointer, classes);
  if (!socket.reconnect) return;
  check_law(checker, pointer + "/reconnect", *socket.reconnect, false);
  if (!is_zero(*socket.reconnect)) return;
  checker.problem(pointer + "/reconnect",
                  "must be above 0s: a handshake that fails at once would be repeated endlessly at "
                  "the same instant");
}

}  // namespace

void check_course(Checker& checker, const std::string& pointer, const SessionArrivals& sessions,
                  const Names& classes) {
  if (!checker.sound(pointer) || !checker.names_known("/workload/requests")) return;
  if (sessions.websocket) {
    check_websocket(checker, pointer + "/websocket", *sessions.websocket, classes);
  }
  if (!sessions.walk.empty()) {
    return check_walk(checker, pointer + "/walk", sessions.walk, classes);
  }
  if (sessions.script.empty()) return;
  Names requested;
  for (std::size_t i = 0; i < sessions.script.size(); ++i) {
    requested.push_back(sessions.script[i]);
    check_name(checker, fmt::format("{}/script/{}", pointer, i), sessions.script[i], classes);
  }
  check_all_requested(checker, pointer + "/script", requested, classes);
}

}  // namespace cotenant
