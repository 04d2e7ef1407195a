// SPDX-License-Identifier: Apache-2.0
//
// Checks of arrivals, request classes and laws.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/check_memory.h"
#include "scenarios/check_points.h"
#include "scenarios/check_steps.h"
#include "scenarios/check_transfers.h"
#include "scenarios/checker.h"
#include "scenarios/load.h"
#include "scenarios/profile.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

void check_kind(Checker& checker, const std::string& pointer, const UniformLaw& law) {
  if (law.low > law.high) {
    checker.problem(
        pointer + "/high",
        fmt::format("must not be below low, {}, got {}", to_text(law.low), to_text(law.high)),
        "at least " + to_text(law.low));
  }
}

void check_kind(Checker& checker, const std::string& pointer, const ParetoLaw& law) {
  // Every mean below the maximum is attained by some minimum.
  if (law.mean >= law.max) {
    checker.problem(
        pointer + "/max",
        fmt::format("must be above the mean, {}, got {}", to_text(law.mean), to_text(law.max)),
        "more than " + to_text(law.mean));
  }
}

void check_kind(Checker& checker, const std::string& pointer, const EmpiricalLaw& law) {
  const auto at = [&](std::size_t i) { return pointer + "/points/" + std::to_string(i); };
  const std::size_t last = law.points.size() - 1;
  const double first_probability = law.points.front().probability;
  const double last_probability = law.points.back().probability;
  if (first_probability > 0) {
    checker.problem(at(0) + "/0",
                    "the first probability must be 0, got " + to_text(first_probability), "0");
  }
  if (last_probability < 1) {
    checker.problem(at(last) + "/0",
                    "the last probability must be 1, got " + to_text(last_probability), "1");
  }
  for (std::size_t i = 1; i <= last; ++i) {
    const EmpiricalPoint& before = law.points[i - 1];
    const EmpiricalPoint& point = law.points[i];
    if (point.probability <= before.probability) {
      return checker.problem(at(i) + "/0",
                             fmt::format("probabilities must increase, got {} after {}",
                                         to_text(point.probability), to_text(before.probability)));
    }
    if (point.value < before.value) {
      return checker.problem(at(i) + "/1",
                             fmt::format("values must not decrease, got {} after {}",
                                         to_text(point.value), to_text(before.value)));
    }
  }
}

void check_kind(Checker& checker, const std::string& pointer, const MixtureLaw& law) {
  for (std::size_t i = 0; i < law.parts.size(); ++i) {
    const std::string part = pointer + "/parts/" + std::to_string(i) + "/law";
    if (std::holds_alternative<RecordedLaw>(law.parts[i].law.kind)) {
      checker.problem(part, "a mixture must not contain a recorded law: the recording says it all");
    } else {
      check_law(checker, part, law.parts[i].law, false);
    }
  }
}

void check_kind(Checker&, const std::string&, const auto&) {}

// A rate that switches many times between two requests costs a draw each time, and does nothing
// that its mean would not do.
constexpr double kMaxStaysPerRequest = 1e4;

void check_switching(Checker& checker, const std::string& pointer, double requests_per_stay) {
  if (requests_per_stay * kMaxStaysPerRequest >= 1) return;
  checker.problem(pointer, fmt::format("is too short: the rate would change more than {} times "
                                       "between two requests",
                                       to_text(kMaxStaysPerRequest)));
}

void check_profile(Checker& checker, const std::string& pointer, const ProfileArrivals& profile) {
  check_times(checker, pointer, profile, "profile");
  const std::vector<ProfilePoint>& points = profile.points;
  const bool any = std::any_of(points.begin(), points.end(),
                               [](const ProfilePoint& point) { return point.rate.per_second > 0; });
  if (!any) checker.problem(pointer + "/points", "at least one rate must be above 0/s");
  if (any && profile.burstiness > highest_burstiness(profile)) {
    checker.problem(
        pointer + "/burstiness",
        fmt::format("{} cannot be reached: with this mean rate and burst_length it is at "
                    "most {}",
                    to_text(profile.burstiness), to_text(highest_burstiness(profile))));
  }
  if (any && profile.burstiness > 1) {
    check_switching(checker, pointer + "/burst_length", highest_burstiness(profile) - 1);
  }
}

void check_mmpp(Checker& checker, const std::string& pointer, const MmppArrivals& mmpp) {
  double requests_per_cycle = 0;
  for (const MmppState& state : mmpp.states) {
    requests_per_cycle += state.rate.per_second * in_seconds(state.mean_stay);
  }
  if (!(requests_per_cycle > 0)) {
    return checker.problem(pointer + "/states", "at least one rate must be above 0/s");
  }
  check_switching(checker, pointer + "/states/0/mean_stay",
                  requests_per_cycle / static_cast<double>(mmpp.states.size()));
}

void check_users(Checker& checker, const std::string& pointer, const ReplayArrivals& replay) {
  if (replay.user_column.empty() == replay.done_column.empty()) return;
  if (replay.done_column.empty()) {
    checker.problem(pointer + "/done_column",
                    "is required: users think from the reply to the next request");
  } else {
    checker.problem(pointer + "/done_column", "needs user_column: without it nobody waits");
  }
}

template <class Kinds>
void check_rates(Checker& checker, const std::string& pointer, const Kinds& kinds) {
  if (const auto* profile = std::get_if<ProfileArrivals>(&kinds)) {
    check_profile(checker, pointer, *profile);
  }
  if (const auto* mmpp = std::get_if<MmppArrivals>(&kinds)) check_mmpp(checker, pointer, *mmpp);
}

void check_arrivals(Checker& checker, const std::string& pointer, const Arrivals& arrivals) {
  if (!checker.sound(pointer)) return;
  check_rates(checker, pointer, arrivals);
  if (const auto* sessions = std::get_if<SessionArrivals>(&arrivals)) {
    check_rates(checker, pointer + "/begin", sessions->begin);
    check_law(checker, pointer + "/think", sessions->think, false);
  }
  if (const auto* closed = std::get_if<ClosedArrivals>(&arrivals)) {
    check_law(checker, pointer + "/think", closed->think, false);
  }
  if (const auto* replay = std::get_if<ReplayArrivals>(&arrivals)) {
    check_users(checker, pointer, *replay);
  }
}

// Otherwise it has been told already what is wrong, and nobody knows who is there for clients.
bool proxies_are_sound(const Named<Service>& application) {
  return std::all_of(application.begin(), application.end(), [&](const auto& named) {
    const auto* proxy = std::get_if<Nginx>(&named.second.server);
    return proxy == nullptr ||
           (named.second.operations.empty() &&
            std::all_of(proxy->upstream.begin(), proxy->upstream.end(), [&](const auto& server) {
              return position_of(application, server.first).has_value();
            }));
  });
}

void check_class_service(Checker& checker, const std::string& pointer,
                         const RequestClass& request) {
  const Named<Service>& services = checker.scenario().application;
  if (!checker.names_known("/application") || !checker.sound(pointer + "/service")) return;
  if (!request.service.empty()) {
    check_reference(checker, pointer + "/service", "service", request.service, names_of(services));
  } else if (checker.sound("/application") && proxies_are_sound(services) &&
             !default_service(services)) {
    checker.problem(pointer + "/service",
                    fmt::format("is required: the application has {} services, of which {} are "
                                "neither called by others nor behind a proxy",
                                services.size(), entries_of(services).size()));
  }
}

// A user who neither thinks nor waits would send endlessly many requests at one instant.
void check_thinking(Checker& checker, const std::string& think, const ClosedArrivals& closed,
                    const Service& service, const std::vector<Step>& steps) {
  if (!is_zero(closed.think)) return;
  if (is_limited(checker.scenario(), service)) {
    checker.problem(
        think,
        "must be above 0s: a user whose request is answered 503 at once would repeat it "
        "endlessly at the same instant");
  } else if (may_take_no_time(checker.scenario(), service, steps)) {
    checker.problem(think, "must be above 0s: nothing else in the request takes any time");
  }
}

// Those who take the steps of the class.
void check_servers(Checker& checker, const std::string& pointer, const RequestClass& request,
                   const Service& service) {
  if (!is_proxy(service)) {
    check_crashes(checker, pointer, request.steps, service);
    check_memory_steps(checker, pointer, request.steps, service);
    check_read_steps(checker, pointer, request.steps, service);
    return check_handler(checker, pointer, request.handler, request.steps, service);
  }
  const Named<Service>& application = checker.scenario().application;
  std::vector<const Service*> servers;
  for (std::size_t i = 0; i < application.size(); ++i) {
    if (&application[i].second != &service) continue;
    for (const std::size_t s : last_servers_of(application, i)) {
      servers.push_back(&application[s].second);
    }
  }
  const auto first_that = [&](auto is) {
    const auto found = std::find_if(servers.begin(), servers.end(), is);
    return found == servers.end() ? nullptr : *found;
  };
  const auto check_first = [&](auto check, const Service* server) {
    if (server != nullptr) check(checker, pointer, request.steps, *server);
  };
  check_first(check_crashes, first_that([](const Service* s) { return !can_crash(*s); }));
  check_first(check_memory_steps, first_that([](const Service* s) { return !s->memory; }));
  check_first(check_read_steps, first_that([](const Service* s) { return s->files.has_value(); }));
  if (const Service* server = first_that([](const Service* s) { return !has_event_loops(*s); })) {
    check_handler(checker, pointer, request.handler, request.steps, *server);
  }
}

void check_class(Checker& checker, const std::string& name, const RequestClass& request,
                 bool graph_is_sound) {
  const std::string pointer = "/workload/requests" + pointer_token(name);
  const std::optional<Arrivals>& common = checker.scenario().workload.arrivals;
  check_class_service(checker, pointer, request);
  const Service* service = service_of(checker.scenario(), request);
  check_bodies(checker, pointer, request, service);
  if (service != nullptr && checker.sound("/application") && !runs_python(*service)) {
    checker.problem(pointer + "/service",
                    "must be a service that runs Python: this one only answers calls");
    service = nullptr;
  }
  if (service != nullptr && checker.sound("/application")) {
    check_servers(checker, pointer, request, *service);
    check_task(checker, pointer, request.task, *service);
  }
  const bool arrivals_sound =
      checker.sound("/workload/arrivals") && checker.sound(pointer + "/arrivals");
  if (!arrivals_sound) return;
  const std::optional<Arrivals>& arrivals = request.arrivals ? request.arrivals : common;
  if (!arrivals) {
    return checker.problem(pointer + "/arrivals",
                           "is required: the workload has no common arrivals");
  }
  if (request.arrivals) check_arrivals(checker, pointer + "/arrivals", *request.arrivals);
  const auto* own_sessions =
      request.arrivals ? std::get_if<SessionArrivals>(&*request.arrivals) : nullptr;
  if (own_sessions != nullptr) {
    check_course(checker, pointer + "/arrivals", *own_sessions, {name});
  }
  const auto* closed = std::get_if<ClosedArrivals>(&*arrivals);
  if (closed != nullptr && service != nullptr && graph_is_sound) {
    const std::string source = request.arrivals ? pointer + "/arrivals" : "/workload/arrivals";
    check_thinking(checker, source + "/think", *closed, *service, request.steps);
  }
  check_steps(checker, pointer, request.steps, std::holds_alternative<ReplayArrivals>(*arrivals));
}

}  // namespace

bool is_zero(const DurationLaw& law) {
  const auto* constant = std::get_if<ConstantLaw>(&law.kind);
  return constant != nullptr && constant->value.is_zero();
}

void check_law(Checker& checker, const std::string& pointer, const DurationLaw& law,
               bool recorded_allowed) {
  if (!checker.sound(pointer)) return;
  if (std::holds_alternative<RecordedLaw>(law.kind) && !recorded_allowed) {
    return checker.problem(pointer,
                           "a recorded law needs replay arrivals: it reads the replayed row");
  }
  std::visit([&](const auto& kind) { check_kind(checker, pointer, kind); }, law.kind);
}

void check_workload(Checker& checker) {
  const Workload& workload = checker.scenario().workload;
  if (workload.load != 1 && has_recorded_arrivals(workload)) {
    checker.problem("/workload/load", "must be 1: recorded arrivals cannot be multiplied", "1");
  }
  if (workload.arrivals) check_arrivals(checker, "/workload/arrivals", *workload.arrivals);
  const bool graph_is_sound = check_graph(checker);
  std::vector<std::string_view> sharers;
  for (const auto& [name, request] : workload.requests) {
    if (!request.arrivals) sharers.push_back(name);
    check_class(checker, name, request, graph_is_sound);
  }
  if (!workload.arrivals || !checker.sound("/workload")) return;
  if (sharers.empty()) {
    checker.problem("/workload/arrivals",
                    "no request class uses the common arrivals: each has its own");
  }
  if (const auto* sessions = std::get_if<SessionArrivals>(&*workload.arrivals)) {
    check_course(checker, "/workload/arrivals", *sessions, sharers);
  }
  const auto* replay = std::get_if<ReplayArrivals>(&*workload.arrivals);
  if (replay != nullptr && replay->class_column.empty() && sharers.size() > 1) {
    checker.problem(
        "/workload/arrivals/class_column",
        fmt::format("is required: {} request classes share the recording", sharers.size()));
  }
}

}  // namespace cotenant
