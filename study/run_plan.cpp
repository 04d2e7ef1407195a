// SPDX-License-Identifier: Apache-2.0
#include "study/run_plan.h"

#include <algorithm>
#include <limits>

#include "scenarios/cannot_run.h"
#include "study/replicate.h"

namespace cotenant {
namespace {

// Where precision is asked for, intervals are judged at growing numbers of replications, so that
// looking often does not spoil them, and not before this many: of ten, too many are narrow by
// accident. Stopping then made intervals of the p95 of an M/M/1 queue at load 0.8 cover 91 instead
// of 95 % (tests/coverage has the experiment and what it measures now).
constexpr std::uint64_t kLeastForPrecision = 20;

}  // namespace

Scenario without_unable(const Scenario& scenario) {
  Scenario able = scenario;
  std::erase_if(able.setups, [&scenario](const auto& named) {
    return !reasons_against(scenario, named.second).empty();
  });
  return able;
}

RunOptions run_options(const Scenario& scenario, std::optional<std::uint64_t> seed) {
  RunOptions run;
  run.seed = seed.value_or(scenario.seed);
  run.recorder.horizon = Instant() + scenario.study.duration;
  run.budget.events = static_cast<std::uint64_t>(
      scenario.study.max_events.value_or(std::numeric_limits<std::int64_t>::max()));
  run.budget.memory = scenario.study.max_memory.value_or(Bytes::max());
  return run;
}

bool is_stationary(const std::vector<Blueprint>& blueprints) {
  if (blueprints.empty()) return true;
  const auto& sources = blueprints.front().sources;
  return std::none_of(sources.begin(), sources.end(), [](const SourceSpec& source) {
    return std::holds_alternative<ProfileSource>(source.kind) ||
           std::holds_alternative<ReplaySource>(source.kind);
  });
}

bool is_random(const std::vector<Blueprint>& blueprints) {
  return std::any_of(blueprints.begin(), blueprints.end(),
                     [](const Blueprint& blueprint) { return blueprint.is_random(); });
}

std::uint64_t first_replications(const Study& study, bool to_precision) {
  const auto planned = static_cast<std::uint64_t>(study.replications);
  if (!to_precision) return planned;
  const auto most = static_cast<std::uint64_t>(study.max_replications);
  return std::max(planned, std::min(kLeastForPrecision, most));
}

WarmupLength warmup_of_pilots(const Scenario& scenario, const std::vector<Blueprint>& blueprints,
                              const RunOptions& run, unsigned jobs) {
  const bool to_precision = scenario.study.precision.has_value();
  const std::uint64_t replications =
      is_random(blueprints) ? first_replications(scenario.study, to_precision) : 1;
  const std::uint64_t pilots = std::min(replications, kWarmupPilots);
  const ReplicationPlan plan{blueprints, run, kFirstPilot, pilots, jobs, {}};
  return warmup_from(replicate(plan), blueprints.size());
}

}  // namespace cotenant
