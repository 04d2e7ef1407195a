// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_clients.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "scenarios/application.h"

namespace cotenant {
namespace {

Backoff random_backoff(Die& die, const LawChoice& laws, double run) {
  Backoff backoff{random_law(die, run / 100, laws), die.real(1, 4), std::nullopt,
                  die.pick<const char*>({"none", "full", "equal"})};
  if (die.chance(0.5)) backoff.cap = die.near(run / 20);
  return backoff;
}

const Service& server_of(const Scenario& scenario, const RequestClass& request) {
  return *find_named(scenario.application, request.service);
}

// Some of what is asked of a proxy.
void send_files(Die& die, Scenario& scenario) {
  for (auto& [name, request] : scenario.workload.requests) {
    const bool is_passed_on = std::holds_alternative<Nginx>(server_of(scenario, request).server);
    if (!is_passed_on || die.chance(0.7)) continue;
    request.file = std::exchange(request.response_body, {});
    request.handler.clear();
    request.steps.clear();
  }
}

}  // namespace

Retries random_retries(Die& die, const LawChoice& laws, double run) {
  Retries retries;
  retries.max = die.whole(0, 5);
  std::erase_if(retries.on, [&](const std::string&) { return die.chance(0.3); });
  if (retries.on.empty()) retries.on = {"rejected_503"};
  if (die.chance(0.7)) {
    retries.backoff = random_backoff(die, laws, run);
    if (die.chance(0.3)) retries.max.reset();
  }
  if (die.chance(0.4)) retries.budget = TokenBudget{die.real(0, 1), die.whole(1, 20)};
  if (die.chance(0.4)) retries.deadline = die.near(run / 5);
  retries.only_idempotent = die.chance(0.3);
  return retries;
}

void add_random_links(Die& die, Scenario& scenario, double run) {
  bool any = false;
  for (auto& [name, request] : scenario.workload.requests) {
    if (is_celery(server_of(scenario, request)) || die.chance(0.3)) continue;
    request.request_body.kind = ConstantSize{Bytes(die.whole(1, 300'000))};
    request.response_body.kind = LognormalSize{Bytes(die.whole(1, 9'000'000)), 1.5};
    any = true;
  }
  if (any) send_files(die, scenario);
  Clients& clients = scenario.workload.clients;
  if (any && die.chance(0.7)) clients.upload = LinkSpeed{die.whole(300'000, 30'000'000)};
  if (die.chance(0.5)) clients.silence = die.near(run / 100);
  if (!any) return;
  clients.slow =
      SlowClients{die.real(0.1, 1), {}, LinkSpeed{die.whole(3'000'000, 300'000'000)}, {}};
}

ClientKeepAlive random_keep_alive(Die& die, const Workload& workload) {
  const auto is_closed = [](const Arrivals& arrivals) {
    return std::holds_alternative<ClosedArrivals>(arrivals) ||
           std::holds_alternative<SessionArrivals>(arrivals);
  };
  bool all_closed = !workload.arrivals || is_closed(*workload.arrivals);
  for (const auto& [name, request] : workload.requests) {
    if (request.arrivals && !is_closed(*request.arrivals)) all_closed = false;
  }
  if (all_closed) return {};
  return {die.whole(1, 12)};
}

}  // namespace cotenant
