// SPDX-License-Identifier: Apache-2.0
//
// The tools of the cross-field checks, and the checks of the parts of a scenario; check.cpp calls
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct Computer;

class Checker {
 public:
  Checker(const Scenario& scenario, const Node& document, Diagnostics& diagnostics)
      : scenario_(scenario),
        document_(document),
        diagnostics_(diagnostics),
        decoding_problems_(diagnostics.size()) {}

  const Scenario& scenario() const { return scenario_; }
  // Found so far, by whatever check.
  std::size_t problems() const { return diagnostics_.size() + diagnostics_.left_out(); }

  // Nothing was wrong with the value at the pointer, below it, or with the whole it is part of,
  // when it was decoded.
  bool sound(std::string_view pointer) const;

  // The names of the entries of the object at the pointer are known, whatever is inside of them.
  bool names_known(std::string_view pointer) const;

  void problem(const std::string& pointer, std::string message, std::string expected = "",
               std::string nearest = "");

 private:
  const Scenario& scenario_;
  const Node& document_;
  Diagnostics& diagnostics_;
  std::size_t decoding_problems_;
};

// `there is no service "wbe"`, with the nearest of the names there are.
void check_reference(Checker& checker, const std::string& pointer, std::string_view thing,
                     std::string_view name, const std::vector<std::string_view>& names);

void check_poller(Checker& checker, const std::string& pointer, const Poller& server);
// Where a task of it says to wait.
void check_queue(Checker& checker, const std::string& pointer, const std::string& queue,
                 const Poller& server);

void check_law(Checker& checker, const std::string& pointer, const DurationLaw& law,
               bool recorded_allowed);
// Always nothing.
bool is_zero(const DurationLaw& law);
// Of those who ask a service that may refuse at once to be connected, or of others.
void check_retries(Checker& checker, const std::string& pointer, const Retries& retries,
                   bool refused_at_once);
// Services that run no Python, and who connects to them.
void check_backend(Checker& checker, const std::string& pointer, const Service& service);
void check_calls(Checker& checker, const std::string& pointer, const Step& step);
// False when services call each other in a circle, or when that cannot be told.
bool check_graph(Checker& checker);
void check_workload(Checker& checker);
// What sessions request, of the classes that are theirs.
void check_course(Checker& checker, const std::string& pointer, const SessionArrivals& sessions,
                  const std::vector<std::string_view>& classes);
void check_clients(Checker& checker);
// Plans, and setups that buy one of them or of the catalog, of which these are the names.
void check_plans(Checker& checker, const std::vector<std::string_view>& catalog);
void check_groups(Checker& checker, const Computer& computer);
void check_setups(Checker& checker);
// Who connects to UNIX sockets.
void check_sockets(Checker& checker);
void check_objectives(Checker& checker);
void check_study(Checker& checker);

}  // namespace cotenant
