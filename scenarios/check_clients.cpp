// SPDX-License-Identifier: Apache-2.0
//
// Checks of what clients do.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/check_transfers.h"
#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_outcomes(Checker& checker, const std::string& pointer,
                    const std::vector<std::string>& on) {
  for (std::size_t i = 1; i < on.size(); ++i) {
    const auto end = on.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(on.begin(), end, on[i]) == end) continue;
    checker.problem(fmt::format("{}/on/{}", pointer, i), in_quotes(on[i]) + " is given twice");
  }
}

// Limits and errors answer at once; and so does a proxy without a server or a connection to spare.
constexpr std::array<std::string_view, 6> kAtOnce = {
    "rejected_503", "rejected_429", "error_500", "error_502", "reset", "rejected_508"};

void check_end(Checker& checker, const std::string& pointer, const Retries& retries,
               bool refused_at_once) {
  const bool pauses = retries.backoff && !is_zero(retries.backoff->base);
  const bool fails_at_once =
      std::any_of(kAtOnce.begin(), kAtOnce.end(), [&](auto name) { return has(retries.on, name); });
  const bool endless = fails_at_once || (refused_at_once && has(retries.on, "refused"));
  if (retries.max || pauses || !endless) return;
  const std::string backoff = pointer + "/backoff";
  checker.problem(retries.backoff ? backoff + "/base" : backoff,
                  "unlimited retries need a pause above 0s: a request that fails at once would "
                  "be repeated endlessly at the same instant");
}

// Each request has a user who waits for the reply.
bool is_closed(const Arrivals& arrivals) {
  const auto* replay = std::get_if<ReplayArrivals>(&arrivals);
  return std::holds_alternative<ClosedArrivals>(arrivals) ||
         std::holds_alternative<SessionArrivals>(arrivals) ||
         (replay != nullptr && !replay->user_column.empty());
}

void check_keep_alive(Checker& checker, const ClientKeepAlive& keep_alive) {
  const Workload& workload = checker.scenario().workload;
  bool any_closed = false;
  bool any_open = false;
  const auto count = [&](const std::optional<Arrivals>& arrivals) {
    if (arrivals) (is_closed(*arrivals) ? any_closed : any_open) = true;
  };
  count(workload.arrivals);
  for (const auto& [name, request] : workload.requests) count(request.arrivals);
  const std::string pointer = "/workload/clients/keep_alive/connections";
  if (any_open && !keep_alive.connections) {
    checker.problem(pointer,
                    "requests of open arrivals belong to no user: must be the number of idle "
                    "connections that their clients keep in common",
                    "a number");
  } else if (!any_open && keep_alive.connections) {
    checker.problem(
        pointer,
        "all arrivals are of users or sessions, each of which keeps a connection of its "
        "own: must be \"per_user\"",
        "\"per_user\"");
  } else if (!any_closed && keep_alive.connections == 0) {
    checker.problem(pointer, "all arrivals are open: with 0 nobody would keep a connection",
                    "at least 1");
  }
}

// A service that has ended, or is not ready, refuses connections for a while.
bool may_refuse(const Scenario& scenario) {
  const auto ends = [](const auto& named) { return named.second.restart || named.second.probes; };
  return std::any_of(scenario.setups.begin(), scenario.setups.end(), [&](const auto& named) {
    const Named<Placement>& services = named.second.services;
    return std::any_of(services.begin(), services.end(), ends);
  });
}

}  // namespace

void check_retries(Checker& checker, const std::string& pointer, const Retries& retries,
                   bool refused_at_once) {
  if (retries.backoff) {
    check_law(checker, pointer + "/backoff/base", retries.backoff->base, false);
  }
  if (!checker.sound(pointer)) return;
  check_outcomes(checker, pointer, retries.on);
  check_end(checker, pointer, retries, refused_at_once);
}

void check_clients(Checker& checker) {
  const Clients& clients = checker.scenario().workload.clients;
  if (clients.retries) {
    check_retries(checker, "/workload/clients/retries", *clients.retries,
                  may_refuse(checker.scenario()));
  }
  check_links(checker, clients);
  if (clients.keep_alive && checker.sound("/workload")) {
    check_keep_alive(checker, *clients.keep_alive);
  }
}

}  // namespace cotenant
