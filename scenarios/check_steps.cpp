// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_steps.h"

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/check_disk.h"
#include "scenarios/check_transfers.h"
#include "scenarios/descriptors.h"
#include "scenarios/overhead_phases.h"

namespace cotenant {
namespace {

// A request on a connection that was kept goes without these.
bool is_of_connection(ServerPhase phase) {
  return phase == ServerPhase::accept || phase == ServerPhase::connect ||
         phase == ServerPhase::finish;
}

// Waking up in vain takes time of nobody's request.
template <class AnyOverhead>
bool is_free(const AnyOverhead& overhead, bool kept) {
  bool free = overhead.preset == "none";
  for_each_phase(overhead, [&](ServerPhase phase, const std::optional<PhaseCost>& cost) {
    const bool counts = phase != ServerPhase::spurious_wake && !(kept && is_of_connection(phase));
    if (counts && cost) free = false;
  });
  return free;
}

// Of a request whose client keeps its connections, or not.
struct CostsNothing {
  bool keeps;

  // The lock costs time even where nothing else does.
  template <class Server>
  bool operator()(const Server& server) const {
    bool kept = false;
    if constexpr (requires { server.keep_alive; }) kept = keeps && !server.keep_alive.is_zero();
    if constexpr (requires { server.gil; }) {
      if (server.gil) return false;
    }
    return is_free(server.overhead, kept);
  }
  bool operator()(const Uwsgi& server) const {
    return (!server.gil || server.threads == 1) && is_free(server.overhead, false);
  }
  bool operator()(const Nginx& server) const {
    const bool kept = keeps && !server.keep_alive.is_zero();
    return (kept || server.tls == "none") && is_free(server.overhead, kept);
  }

  bool operator()(const Cgi&) const { return false; }

  // What they cost is in the steps of their operations.
  bool operator()(const External&) const { return true; }
  bool operator()(const Redis&) const { return true; }
  bool operator()(const Postgres&) const { return true; }
  bool operator()(const Celery& server) const { return server.task_overhead.is_zero(); }
  // One may just look.
  bool operator()(const Poller& server) const { return server.task_overhead.is_zero(); }
};

bool is_free(const Scenario& scenario, const Service& service) {
  const bool keeps = scenario.workload.clients.keep_alive || keeps_for_calls(scenario);
  return std::visit(CostsNothing{keeps}, service.server);
}

bool may_take_no_time(const Scenario& scenario, const CallStep& call) {
  if (call.probability < 1) return true;
  const auto name = split_operation(call.call);
  const Service* service = name ? find_named(scenario.application, name->service) : nullptr;
  const Operation* operation = service ? find_named(service->operations, name->operation) : nullptr;
  if (operation == nullptr) return false;  // which is told elsewhere
  return is_limited(scenario, *service) || may_take_no_time(scenario, *service, operation->steps);
}

struct MayTakeNoTime {
  const Scenario& scenario;
  bool may_lack_descriptors;  // and then a call fails at once

  bool operator()(const CpuStep& step) const { return is_zero(step.cpu); }
  bool operator()(const WaitStep& step) const { return is_zero(step.wait); }
  bool operator()(const SleepStep& step) const { return is_zero(step.sleep); }
  bool operator()(const ErrorStep&) const { return true; }
  bool operator()(const SendStep&) const { return true; }
  bool operator()(const CrashStep&) const { return true; }
  // The page cache may take it, or a disk may take no time.
  bool operator()(const ReadStep&) const { return true; }
  bool operator()(const WriteStep&) const { return true; }
  bool operator()(const FsyncStep&) const { return true; }
  bool operator()(const LogStep&) const { return true; }
  bool operator()(const HoldStep&) const { return true; }
  bool operator()(const LeakStep&) const { return true; }
  bool operator()(const CallStep& step) const {
    return may_lack_descriptors || may_take_no_time(scenario, step);
  }
  bool operator()(const TogetherStep& step) const {
    return may_lack_descriptors ||
           std::all_of(step.together.begin(), step.together.end(),
                       [&](const CallStep& call) { return may_take_no_time(scenario, call); });
  }
};

bool always_fails(const Step& step) {
  const auto* error = std::get_if<ErrorStep>(&step);
  return error != nullptr && error->probability >= 1;
}

struct CheckLaws {
  Checker& checker;
  const std::string& pointer;
  bool replayed;

  void operator()(const CpuStep& step) const { check("/cpu", step.cpu); }
  void operator()(const WaitStep& step) const { check("/wait", step.wait); }
  void operator()(const SleepStep& step) const { check("/sleep", step.sleep); }
  void operator()(const ReadStep& step) const { check_use(checker, pointer, step); }
  void operator()(const WriteStep& step) const { check_use(checker, pointer, step); }
  void operator()(const FsyncStep& step) const { check_use(checker, pointer, step); }
  void operator()(const LogStep& step) const { check_use(checker, pointer, step); }
  void operator()(const ErrorStep&) const {}
  void operator()(const SendStep&) const {}
  void operator()(const CrashStep&) const {}
  void operator()(const HoldStep&) const {}
  void operator()(const LeakStep&) const {}
  void operator()(const CallStep&) const {}
  void operator()(const TogetherStep&) const {}

  void check(const char* key, const DurationLaw& law) const {
    check_law(checker, pointer + key, law, replayed);
  }
};

bool blocks(const Step& step) {
  if (const auto* wait = std::get_if<WaitStep>(&step)) return wait->blocking;
  if (const auto* call = std::get_if<CallStep>(&step)) return call->blocking;
  const auto* together = std::get_if<TogetherStep>(&step);
  return together != nullptr && together->blocking;
}

std::string at_step(const std::string& pointer, std::size_t i) {
  return pointer + "/steps/" + std::to_string(i);
}

template <class Server>
bool has_limit(const Server& server) {
  if constexpr (requires { server.limit_concurrency; }) return server.limit_concurrency.has_value();
  return false;
}
bool has_limit(const Passenger&) { return true; }
bool has_limit(const FastCgi&) { return true; }
bool has_limit(const Cgi&) { return true; }
// With patience it takes time.
bool has_limit(const ModWsgi& server) { return server.connect_timeout.is_zero(); }
bool has_limit(const External& server) { return server.limit_concurrency || server.rate_limit; }
bool has_limit(const Redis&) { return true; }
bool has_limit(const Postgres&) { return true; }
bool has_limit(const Celery&) { return false; }
bool has_limit(const Poller&) { return false; }

}  // namespace

void check_steps(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                 bool replayed) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string place = at_step(pointer, i);
    std::visit(CheckLaws{checker, place, replayed}, steps[i]);
    check_calls(checker, place, steps[i]);
  }
}

void check_task(Checker& checker, const std::string& pointer, const TaskOptions& task,
                const Service& service) {
  if (task.expires) check_law(checker, pointer + "/expires", *task.expires, false);
  if (task.priority && !is_celery(service)) {
    checker.problem(pointer + "/priority",
                    "only tasks of a celery have one: a poller has queues instead");
  }
  if (task.expires && !takes_tasks(service)) {
    checker.problem(pointer + "/expires", "only tasks of a celery or a poller expire");
  }
  if (task.queue.empty()) return;
  if (const auto* poller = std::get_if<Poller>(&service.server)) {
    return check_queue(checker, pointer + "/queue", task.queue, *poller);
  }
  checker.problem(pointer + "/queue", "only a poller has queues: here each is a service");
}

void check_crashes(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                   const Service& service) {
  if (can_crash(service)) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!std::holds_alternative<CrashStep>(steps[i])) continue;
    checker.problem(
        at_step(pointer, i) + "/crash",
        "tasks of a celery or a poller and requests of gunicorn, uvicorn, hypercorn, uWSGI and "
        "mod_wsgi take their process along: what others answer then is not modeled");
  }
}

void check_handler(Checker& checker, const std::string& pointer, const std::string& handler,
                   const std::vector<Step>& steps, const Service& service) {
  if (has_event_loops(service)) return;
  if (!handler.empty()) {
    checker.problem(
        pointer + "/handler",
        "only event loops of asyncio tell async from sync handlers: its service has none");
  }
  if (can_be_blocked(service)) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!blocks(steps[i])) continue;
    checker.problem(at_step(pointer, i) + "/blocking",
                    "only event loops can be blocked: its service has none, and whoever waits "
                    "there always holds a worker");
  }
}

bool is_limited(const Scenario& scenario, const Service& service) {
  if (std::visit([](const auto& server) { return has_limit(server); }, service.server)) return true;
  const auto limits = [&](const std::pair<std::string, Placement>& placed) {
    return (placed.second.entry_processes || placed.second.probes) &&
           find_named(scenario.application, placed.first) == &service;
  };
  return std::any_of(scenario.setups.begin(), scenario.setups.end(), [&](const auto& named) {
    const Named<Placement>& services = named.second.services;
    return std::any_of(services.begin(), services.end(), limits);
  });
}

bool may_take_no_time(const Scenario& scenario, const Service& service,
                      const std::vector<Step>& steps) {
  // A proxy that has nobody to ask answers at once.
  if (std::holds_alternative<Nginx>(service.server)) return is_free(scenario, service);
  const auto end = std::find_if(steps.begin(), steps.end(), always_fails);
  return is_free(scenario, service) && std::all_of(steps.begin(), end, [&](const Step& step) {
           return std::visit(MayTakeNoTime{scenario, nofile_of(service).has_value()}, step);
         });
}

}  // namespace cotenant
