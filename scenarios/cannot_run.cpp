// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cannot_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "scenarios/application.h"
#include "scenarios/tasks.h"

namespace cotenant {

namespace {

// What a plan has to support for a service; empty: nothing in particular.
struct Need {
  std::string_view key;   // of kSupports
  std::string_view what;  // that needs it
};

bool is_own_program(const Service& service) {
  return std::holds_alternative<Nginx>(service.server) ||
         std::holds_alternative<Redis>(service.server) ||
         std::holds_alternative<Postgres>(service.server);
}

Need need_of(const Service& service) {
  if (takes_tasks(service)) return {"background_workers", "processes that serve no requests"};
  if (is_own_program(service)) return {"root", "programs of one's own"};
  if (has_event_loops(service)) return {"asgi", "applications for ASGI"};
  return is_web_server(service) ? Need{"wsgi", "applications for WSGI"} : Need{};
}

bool uses_websockets(const Workload& workload) {
  const auto has_websocket = [](const std::optional<Arrivals>& arrivals) {
    if (!arrivals) return false;
    const auto* sessions = std::get_if<SessionArrivals>(&*arrivals);
    return sessions != nullptr && sessions->websocket.has_value();
  };
  return has_websocket(workload.arrivals) ||
         std::any_of(workload.requests.begin(), workload.requests.end(),
                     [&](const auto& named) { return has_websocket(named.second.arrivals); });
}

class Reasons {
 public:
  explicit Reasons(const Plan& plan) : plan_(plan) {}

  void needs(const Need& need, std::string_view service) {
    const auto& supported = plan_.supports;
    if (need.key.empty()) return;
    if (std::find(supported.begin(), supported.end(), need.key) != supported.end()) return;
    const std::string needed_by = service.empty() ? "" : fmt::format(", which \"{}\" is", service);
    add(fmt::format("does not run {}{}", need.what, needed_by));
  }
  void add(std::string reason) {
    if (std::find(list_.begin(), list_.end(), reason) == list_.end()) {
      list_.push_back(std::move(reason));
    }
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  const Plan& plan_;
  std::vector<std::string> list_;
};

}  // namespace

std::vector<std::string> reasons_against(const Scenario& scenario, const Setup& setup) {
  const Plan* plan = find_named(scenario.plans, setup.plan);
  if (plan == nullptr) return {};
  Reasons reasons(*plan);
  std::int64_t tasks = 0;
  for (const auto& [name, service] : scenario.application) {
    if (std::holds_alternative<External>(service.server)) continue;
    reasons.needs(need_of(service), name);
    const Placement* placement = find_named(setup.services, name);
    const std::int64_t workers = workers_of(service, placement);
    const std::optional<std::int64_t>& most = plan->limits.workers;
    if (most && placement != nullptr && placement->workers && workers > *most &&
        is_web_server(service)) {
      reasons.add(
          fmt::format("runs at most {} web workers, and \"{}\" has {}", *most, name, workers));
    }
    tasks += workers * threads_of(service);
  }
  if (uses_websockets(scenario.workload)) reasons.needs({"websocket", "WebSockets"}, "");
  if (plan->limits.processes && tasks > *plan->limits.processes) {
    reasons.add(fmt::format("allows {} processes and threads, and the application is {}",
                            *plan->limits.processes, tasks));
  }
  return reasons.take();
}

}  // namespace cotenant
