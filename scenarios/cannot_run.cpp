// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cannot_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "scenarios/application.h"
#include "scenarios/computers.h"
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

// Against running the services that are placed there.
void judge(const Scenario& scenario, const Setup& setup, const std::string& node, Reasons& reasons,
           const PlanLimits& limits) {
  std::int64_t tasks = 0;
  for (const auto& [name, service] : scenario.application) {
    const Placement* placement = find_named(setup.services, name);
    const bool is_here = (placement != nullptr ? placement->node : "") == node;
    if (!is_here || std::holds_alternative<External>(service.server)) continue;
    reasons.needs(need_of(service), name);
    const std::int64_t workers = workers_of(service, placement);
    const std::optional<std::int64_t>& most = limits.workers;
    if (most && placement != nullptr && placement->workers && workers > *most &&
        is_web_server(service)) {
      reasons.add(
          fmt::format("runs at most {} web workers, and \"{}\" has {}", *most, name, workers));
    }
    const bool says_ep = placement != nullptr && placement->entry_processes.has_value();
    tasks += most_tasks_of(service, placement,
                           says_ep ? placement->entry_processes : limits.entry_processes);
  }
  if (node.empty() && uses_websockets(scenario.workload)) {
    reasons.needs({"websocket", "WebSockets"}, "");
  }
  if (limits.processes && tasks > *limits.processes) {
    reasons.add(fmt::format("allows {} processes and threads, and {} {}", *limits.processes,
                            node.empty() ? "the application is" : "what is placed there is",
                            tasks));
  }
}

}  // namespace

std::vector<std::string> reasons_against(const Scenario& scenario, const Setup& setup) {
  std::vector<std::string> all;
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    const Plan* plan = find_named(scenario.plans, hosting.plan);
    if (plan == nullptr) return;
    Reasons reasons(*plan);
    judge(scenario, setup, node, reasons, plan->limits);
    for (std::string& reason : reasons.take()) {
      all.push_back(node.empty() ? std::move(reason)
                                 : fmt::format("of node \"{}\" {}", node, reason));
    }
  });
  return all;
}

}  // namespace cotenant
