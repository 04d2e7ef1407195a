// SPDX-License-Identifier: Apache-2.0
//
// Checks of processes that look for work themselves, and of the queues of their tasks.
#include <algorithm>

#include "scenarios/checker.h"
#include "scenarios/compile_laws.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

// Always, and not only now and then.
bool takes_no_time(const DurationLaw& law) { return !(mean(compile_law(law)) > 0); }

bool check_laws(Checker& checker, const std::string& pointer, const Poller& server) {
  check_law(checker, pointer + "/visit", server.visit, false);
  check_law(checker, pointer + "/visit_cpu", server.visit_cpu, false);
  if (server.pause) check_law(checker, pointer + "/pause", *server.pause, false);
  const auto is_recorded = [](const DurationLaw& law) {
    return std::holds_alternative<RecordedLaw>(law.kind);
  };
  return !is_recorded(server.visit) && !is_recorded(server.visit_cpu) &&
         !(server.pause && is_recorded(*server.pause));
}

void check_time(Checker& checker, const std::string& pointer, const Poller& server) {
  if (server.every || !takes_no_time(server.visit) || !takes_no_time(server.visit_cpu)) return;
  if (server.pause && !takes_no_time(*server.pause)) return;
  checker.problem(pointer + "/pause",
                  "must be given, and above 0s, where visits take no time: it would look for work "
                  "endlessly at the same instant");
}

}  // namespace

void check_poller(Checker& checker, const std::string& pointer, const Poller& server) {
  for (std::size_t q = 1; q < server.queues.size(); ++q) {
    const auto here = server.queues.begin() + static_cast<std::ptrdiff_t>(q);
    if (std::find(server.queues.begin(), here, *here) == here) continue;
    checker.problem(pointer + "/queues/" + std::to_string(q), in_quotes(*here) + " is given twice");
  }
  if (server.limit && server.take != "gated") {
    checker.problem(pointer + "/limit", "means something only where take is \"gated\"");
  }
  if (server.pause && server.every) {
    return checker.problem(pointer + "/every",
                           "processes that end after each cycle make no pause: give one of the "
                           "two");
  }
  if (check_laws(checker, pointer, server)) check_time(checker, pointer, server);
}

void check_queue(Checker& checker, const std::string& pointer, const std::string& queue,
                 const Poller& server) {
  check_reference(checker, pointer, "queue", queue, {server.queues.begin(), server.queues.end()});
}

}  // namespace cotenant
