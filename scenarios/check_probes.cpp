// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_probes.h"

#include "scenarios/application.h"

namespace cotenant {

namespace {

// Kubernetes refuses it, too (pkg/apis/core/validation).
void check_successes(Checker& checker, const std::string& pointer,
                     const std::optional<Probe>& probe) {
  if (!probe || probe->success_threshold == 1) return;
  checker.problem(pointer + "/success_threshold", "must be 1: only who is not ready can get ready",
                  "1");
}

bool needs_restart(const Probes& probes) { return probes.startup || probes.liveness; }

}  // namespace

void check_idle_stop(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service) {
  if (!placement.idle_stop || is_web_server(service)) return;
  checker.problem(pointer + "/idle_stop",
                  "is for servers that run Python for requests: others are not asked by clients, "
                  "or run as long as their computer");
}

void check_probes(Checker& checker, const std::string& pointer, const Placement& placement,
                  const Service& service) {
  if (!placement.probes) return;
  const Probes& probes = *placement.probes;
  const std::string at = pointer + "/probes";
  if (!has_main_process(service)) {
    return checker.problem(at,
                           "are modeled for servers that have a main process and run Python for "
                           "requests only");
  }
  if (!needs_restart(probes) && !probes.readiness) {
    return checker.problem(at, "must be at least one", "startup, liveness or readiness");
  }
  if (placement.idle_stop) {
    checker.problem(pointer + "/idle_stop", "would never come: the probes are requests, too");
  }
  // A container is restarted by Kubernetes unless somebody says otherwise.
  if (needs_restart(probes) && !placement.restart && !placement.container) {
    checker.problem(at,
                    "end the service when they fail: say who starts it again, its restart in this "
                    "setup, or \"no\"",
                    "a restart");
  }
  check_successes(checker, at + "/startup", probes.startup);
  check_successes(checker, at + "/liveness", probes.liveness);
}

}  // namespace cotenant
