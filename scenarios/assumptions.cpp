// SPDX-License-Identifier: Apache-2.0
#include "scenarios/assumptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/application.h"
#include "scenarios/computers.h"
#include "scenarios/on_plan.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/parameters.h"
#include "scenarios/python_lock.h"
#include "scenarios/quantity.h"
#include "scenarios/software.h"

namespace cotenant {

namespace {

// "0.5 vCPUs": what the user took for granted.
std::string assumed_text(const PlanAssumptions& assume) {
  std::vector<std::string> parts;
  if (assume.vcpus) parts.push_back(to_text(*assume.vcpus) + " vCPUs");
  if (assume.baseline) parts.push_back("a baseline of " + to_text(*assume.baseline));
  if (assume.credits) parts.push_back("at most " + to_text(*assume.credits) + " of credits");
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Of plans: no provider says it.
std::vector<std::string> assumed_of_plans(const Scenario& scenario) {
  std::vector<std::string> sentences;
  std::map<std::string, std::vector<std::string>> neighborhoods;
  for (const auto& named : scenario.setups) {
    for_each_hosting(named.second, [&](const std::string& node, const Hosting& hosting) {
      const std::string name = node.empty() ? named.first : named.first + "/" + node;
      if (const std::string others = neighborhood_of(scenario, hosting); !others.empty()) {
        neighborhoods[others].push_back(name);
      }
      if (hosting.assume == PlanAssumptions()) return;
      sentences.push_back(fmt::format("you assumed of {} in \"{}\": {}", hosting.plan, name,
                                      assumed_text(hosting.assume)));
    });
  }
  for (const auto& [others, setups] : neighborhoods) {
    sentences.push_back(fmt::format(
        "who else is on the host is assumed, \"{}\" in {}: no provider says it, and each "
        "replication is another box that might be given to you",
        others, fmt::join(setups, ", ")));
  }
  return sentences;
}

struct PresetOf {
  template <class Server>
  const OverheadPreset* operator()(const Server& server) const {
    return overhead_preset(server.overhead.preset);
  }
  const OverheadPreset* operator()(const Cgi&) const { return nullptr; }
  const OverheadPreset* operator()(const External&) const { return nullptr; }
  const OverheadPreset* operator()(const Redis&) const { return nullptr; }
  const OverheadPreset* operator()(const Postgres&) const { return nullptr; }
  const OverheadPreset* operator()(const Celery&) const { return nullptr; }
  const OverheadPreset* operator()(const Poller&) const { return nullptr; }
};

// Nothing is left of the preset: the scenario says each cost, or parameters have scaled it.
bool says_all_costs(const Service& service) {
  return std::visit(
      [](const auto& server) {
        bool all = false;
        if constexpr (requires { server.overhead; }) {
          all = true;
          for_each_phase(server.overhead,
                         [&](ServerPhase, const auto& cost) { all = all && cost.has_value(); });
        }
        return all;
      },
      service.server);
}

// Servers for which the preset of another one stands in.
std::string_view not_measured(const Service& service) {
  if (std::holds_alternative<ModWsgi>(service.server)) return "mod_wsgi";
  if (std::holds_alternative<Passenger>(service.server)) return "Passenger";
  return std::holds_alternative<FastCgi>(service.server) ? "FastCGI" : "";
}

bool starts_python(const Service& service) {
  const auto* poller = std::get_if<Poller>(&service.server);
  if (poller != nullptr && poller->every) return true;
  return std::visit(
      [](const auto& server) {
        return requires { server.queue; };
      },
      service.server);
}

}  // namespace

std::vector<std::string> assumptions(const Scenario& said) {
  const Scenario scenario = on_plans(said);
  std::vector<std::string> sentences = assumed_of_plans(said);
  bool has_gil = false;
  bool starts = false;
  for (const auto& [name, service] : scenario.application) {
    if (const auto* postgres = std::get_if<Postgres>(&service.server)) {
      if (postgres->connect == Postgres().connect) {
        sentences.push_back("a new connection to a PostgreSQL costs its backend " +
                            to_text(postgres->connect) +
                            " of CPU: " + std::string(kConnectMeasured) + ".");
      }
    }
    starts = starts || starts_python(service);
    if (const auto* celery = std::get_if<Celery>(&service.server)) {
      if (celery->task_overhead.is_zero()) {
        sentences.push_back("Celery itself costs no CPU in \"" + name +
                            "\": that has not been measured");
      }
    }
    const OverheadPreset* preset = std::visit(PresetOf{}, service.server);
    if (preset == nullptr) continue;
    has_gil = has_gil ||
              std::visit([](const auto& server) { return shares_a_lock(server); }, service.server);
    if (preset->origin == Origin::defined || says_all_costs(service)) continue;
    sentences.push_back("CPU of the server itself in \"" + name + "\": " +
                        std::string(preset->software) + ", " + std::string(preset->source));
    if (const std::string_view server = not_measured(service); !server.empty()) {
      sentences.back() += " It stands in for " + std::string(server) + ", which was not measured.";
    }
  }
  if (has_gil) sentences.emplace_back(kGilTakeAssumed);
  if (starts) sentences.emplace_back(kInterpreterMeasured);
  if (uses_websockets(scenario.workload)) sentences.emplace_back(kMessagesAssumed);
  const auto has_fluid = [](const auto& named) {
    const std::vector<Computer> computers = computers_of("", named.second);
    return std::any_of(computers.begin(), computers.end(), [](const Computer& computer) {
      return computer.machine.scheduler == "fluid";
    });
  };
  if (std::any_of(scenario.setups.begin(), scenario.setups.end(), has_fluid)) {
    sentences.push_back(
        "CPU is shared as an ideal fluid: real time slices and wake-up delays are left out");
  }
  return sentences;
}

}  // namespace cotenant
