// SPDX-License-Identifier: Apache-2.0
//
// The checks in the order of the file, and those of objectives and study.
#include "scenarios/check.h"

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/check_disk.h"
#include "scenarios/check_memory.h"
#include "scenarios/check_replicas.h"
#include "scenarios/check_steps.h"
#include "scenarios/checker.h"
#include "scenarios/nearest.h"
#include "scenarios/on_plan.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

// `inner` is `outer` or a part of it.
bool within(std::string_view inner, std::string_view outer) {
  return inner.substr(0, outer.size()) == outer &&
         (inner.size() == outer.size() || inner[outer.size()] == '/');
}

}  // namespace

bool Checker::sound(std::string_view pointer) const {
  if (diagnostics_.left_out() > 0) return false;
  for (std::size_t i = 0; i < decoding_problems_; ++i) {
    const std::string& wrong = diagnostics_[i].pointer;
    if (within(wrong, pointer) || within(pointer, wrong)) return false;
  }
  return true;
}

bool Checker::names_known(std::string_view pointer) const {
  if (diagnostics_.left_out() > 0) return false;
  for (std::size_t i = 0; i < decoding_problems_; ++i) {
    const std::string& wrong = diagnostics_[i].pointer;
    const bool entry =
        within(wrong, pointer) && wrong.find('/', pointer.size() + 1) == std::string::npos;
    if (entry || within(pointer, wrong)) return false;
  }
  return true;
}

void Checker::problem(const std::string& pointer, std::string message, std::string expected,
                      std::string nearest) {
  // A value that has its default does not stand in the file; then the whole it is part of does.
  std::string_view place = pointer;
  const Node* node = find_pointer(document_, place);
  while (node == nullptr) {
    place = place.substr(0, place.rfind('/'));
    node = find_pointer(document_, place);
  }
  if (node->position.line == 0) message += " (given by --set)";
  diagnostics_.add({pointer, node->position.line, node->position.column, std::move(message),
                    std::move(expected), std::move(nearest)});
}

void check_reference(Checker& checker, const std::string& pointer, std::string_view thing,
                     std::string_view name, const std::vector<std::string_view>& names) {
  for (const std::string_view known : names) {
    if (known == name) return;
  }
  checker.problem(pointer, "there is no " + std::string(thing) + " " + in_quotes(name), "",
                  nearest_name(name, names));
}

void check_objectives(Checker& checker) {
  const Scenario& scenario = checker.scenario();
  if (!checker.names_known("/workload/requests")) return;
  for (std::size_t i = 0; i < scenario.objectives.size(); ++i) {
    const std::string pointer = "/objectives/" + std::to_string(i);
    const std::string& name = scenario.objectives[i].request_class;
    if (name.empty() || !checker.sound(pointer)) continue;
    check_reference(checker, pointer + "/class", "request class", name,
                    names_of(scenario.workload.requests));
  }
}

template <class Server>
requires requires(Server server) { server.arbiter; }
void check_server(Checker& checker, const std::string& pointer, const Server& server) {
  if (server.arbiter.max_requests == 0 && server.arbiter.max_requests_jitter > 0) {
    checker.problem(pointer + "/max_requests_jitter",
                    "must be 0 where max_requests is: there is nothing to add it to");
  }
}
void check_server(Checker& checker, const std::string& pointer, const Hypercorn& server) {
  if (server.max_requests == 0 && server.max_requests_jitter > 0) {
    checker.problem(pointer + "/max_requests_jitter",
                    "must be 0 where max_requests is: there is nothing to add it to");
  }
  if (server.max_requests > 0 && server.version == "0.13") {
    checker.problem(pointer + "/max_requests", "hypercorn has this since 0.16", "0");
  }
}
void check_server(Checker& checker, const std::string& pointer, const Uwsgi& server) {
  if (server.max_requests == 0 && server.max_requests_delta > 0) {
    checker.problem(pointer + "/max_requests_delta",
                    "must be 0 where max_requests is: there is nothing to add it to");
  }
  if (server.harakiri.count() % seconds(1).count() != 0) {
    checker.problem(pointer + "/harakiri",
                    "must be whole seconds, got " + to_text(server.harakiri));
  }
}
void check_server(Checker& checker, const std::string& pointer, const Nginx& server) {
  const Named<Service>& application = checker.scenario().application;
  if (!checker.names_known("/application")) return;
  for (const auto& [name, rules] : server.upstream) {
    const std::string place = pointer + "/upstream/" + name;
    check_reference(checker, place, "service", name, names_of(application));
    const Service* behind = find_named(application, name);
    if (behind != nullptr && std::holds_alternative<Nginx>(behind->server)) {
      checker.problem(place, "is a proxy itself: requests are passed on once");
    }
    if (behind != nullptr && takes_tasks(*behind)) {
      checker.problem(place, "takes tasks from a queue: nothing can be passed on to it");
    }
    if (behind != nullptr && !runs_python(*behind)) {
      checker.problem(place, "must be a service that runs Python: this one only answers calls");
    }
  }
  const Service* self = find_named(application, pointer.substr(pointer.rfind('/') + 1));
  if (self != nullptr && !self->operations.empty()) {
    checker.problem(pointer + "/operations", "a proxy has none: call the services behind it");
  }
  for (std::size_t i = 1; i < server.next_upstream.size(); ++i) {
    const auto end = server.next_upstream.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(server.next_upstream.begin(), end, server.next_upstream[i]) == end) continue;
    checker.problem(pointer + "/next_upstream/" + std::to_string(i),
                    in_quotes(server.next_upstream[i]) + " is given twice");
  }
}

void check_server(Checker& checker, const std::string& pointer, const Celery& server) {
  if (!server.reject_on_worker_lost || server.acks_late) return;
  checker.problem(pointer + "/reject_on_worker_lost",
                  "needs acks_late: a message that was acknowledged when its task began is gone");
}

void check_server(Checker& checker, const std::string& pointer, const Poller& server) {
  check_poller(checker, pointer, server);
}

// What databases and caches depend on: scenarios/check_backends.cpp; how many workers there are is
// said by each setup: scenarios/check_setup.cpp.
template <class Server>
void check_server(Checker&, const std::string&, const Server&) {}

void check_application(Checker& checker) {
  for (const auto& [name, service] : checker.scenario().application) {
    const std::string pointer = "/application/" + name;
    if (!checker.sound(pointer)) continue;
    std::visit([&](const auto& server) { check_server(checker, pointer, server); }, service.server);
    check_backend(checker, pointer, service);
    check_memory(checker, pointer, service);
    for (const auto& [operation, does] : service.operations) {
      const std::string place = pointer + "/operations/" + operation;
      check_handler(checker, place, does.handler, does.steps, service);
      check_task(checker, place, does.task, service);
      check_crashes(checker, place, does.steps, service);
      check_memory_steps(checker, place, does.steps, service);
      check_read_steps(checker, place, does.steps, service);
      check_steps(checker, place, does.steps, false);
    }
  }
}

void check_study(Checker& checker) {
  const Study& study = checker.scenario().study;
  if (!checker.sound("/study")) return;
  if (study.warmup && *study.warmup >= study.duration) {
    checker.problem("/study/warmup",
                    "must be shorter than the duration of " + to_text(study.duration) + ", got " +
                        to_text(*study.warmup),
                    "less than " + to_text(study.duration));
  }
  if (study.precision && study.max_replications < study.replications) {
    checker.problem("/study/max_replications",
                    "must not be below replications, " + std::to_string(study.replications) +
                        ", got " + std::to_string(study.max_replications),
                    "at least " + std::to_string(study.replications));
  }
}

void check(const Scenario& scenario, const Node& document, const Catalog& catalog,
           Diagnostics& diagnostics) {
  // An object at the top is the least that the checks can talk about.
  if (document.kind != Node::Kind::object) return;
  Checker said(scenario, document, diagnostics);
  check_plans(said, names_of(catalog.plans));
  const Scenario concrete = on_plans(scenario);
  Checker checker(concrete, document, diagnostics);
  check_workload(checker);
  check_clients(checker);
  check_application(checker);
  if (checker.sound("/workload") && checker.sound("/application")) check_file_sets(checker);
  check_setups(checker);
  check_sockets(checker);
  check_objectives(checker);
  check_study(checker);
  if (diagnostics.empty()) check_replicas(checker, document);
}

void check(const Catalog& catalog, const Node& document, Diagnostics& diagnostics) {
  if (document.kind != Node::Kind::object) return;
  Scenario of_plans;
  of_plans.plans = catalog.plans;
  Checker checker(of_plans, document, diagnostics);
  check_plans(checker, {});
}

}  // namespace cotenant
