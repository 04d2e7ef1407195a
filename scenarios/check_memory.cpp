// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_memory.h"

#include <fmt/format.h>

#include "scenarios/application.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

const char* key_of(const Step& step) {
  if (std::holds_alternative<HoldStep>(step)) return "/hold";
  return std::holds_alternative<LeakStep>(step) ? "/leak" : nullptr;
}

}  // namespace

void check_memory(Checker& checker, const std::string& pointer, const Service& service) {
  const auto* uwsgi = std::get_if<Uwsgi>(&service.server);
  if (uwsgi != nullptr && !uwsgi->reload_on_rss.is_zero() && !service.memory) {
    checker.problem(pointer + "/reload_on_rss",
                    "needs to know how large its processes are: say it in memory");
  }
  if (!service.memory) return;
  const ServiceMemory& memory = *service.memory;
  if (!has_processes(service)) {
    checker.problem(pointer + "/memory",
                    "is modeled for processes that run Python for requests or for a celery only");
  }
  if (memory.copied > memory.main) {
    checker.problem(pointer + "/memory/copied",
                    fmt::format("must not be above what is shared, main, {}, got {}",
                                to_text(memory.main), to_text(memory.copied)),
                    "at most " + to_text(memory.main));
  }
  if (memory.cache_max && memory.cache_per_request.is_zero()) {
    checker.problem(pointer + "/memory/cache_max",
                    "limits a cache that never grows: cache_per_request says how fast");
  }
}

void check_memory_steps(Checker& checker, const std::string& pointer,
                        const std::vector<Step>& steps, const Service& service) {
  if (service.memory) return;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const char* key = key_of(steps[i]);
    if (key == nullptr) continue;
    checker.problem(fmt::format("{}/steps/{}{}", pointer, i, key),
                    "its service does not say what its processes occupy: it has no memory");
  }
}

void check_oom_score(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service) {
  if (placement.oom_score_adj == 0 || service.memory) return;
  checker.problem(pointer + "/oom_score_adj",
                  "the service does not say what its processes occupy: they are never killed for "
                  "their memory");
}

}  // namespace cotenant
