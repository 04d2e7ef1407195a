// SPDX-License-Identifier: Apache-2.0
#include "study/visibility.h"

#include <algorithm>
#include <cstddef>

namespace cotenant {
namespace {

// Of time in a state that is no queue.
bool is_hidden(WaitState state, const Sight& sight) {
  switch (state) {
    case WaitState::run_queue:
      return !sight.own_kernel;
    case WaitState::disk_queue:
      return !sight.own_disk;
    default:
      return false;
  }
}

// Of the time in which requests are worked on, or held up, failed or not, the part whose cause can
// be seen.
double visible_work(const SetupTally& tally, const Sight& sight) {
  const WaitTimes served = tally.attribution.total().times;
  const WaitTimes& failed = tally.failures.times();
  double all = 0, hidden = 0;
  for (std::size_t i = 0; i < kWaitStates; ++i) {
    const auto state = static_cast<WaitState>(i);
    if (is_queue(state)) continue;
    const double spent = in_seconds(served[i]) + in_seconds(failed[i]);
    all += spent;
    if (is_hidden(state, sight)) hidden += spent;
  }
  return all > 0 ? 1 - hidden / all : 1;
}

// Outcomes that say themselves what happened, in a log of the tenant.
bool is_logged(Outcome outcome) {
  return outcome != Outcome::timed_out && outcome != Outcome::refused &&
         outcome != Outcome::oom_killed;
}

double visible_part(const FailureCount& failure, const Sight& sight, double of_queues) {
  if (is_logged(failure.outcome)) return 1;
  if (failure.outcome == Outcome::oom_killed) return sight.kills ? 1 : 0;
  if (!failure.held_by || is_queue(*failure.held_by)) return of_queues;
  return is_hidden(*failure.held_by, sight) ? 0 : 1;
}

std::vector<FailureCount> failures_of(const Failures& counted) {
  std::vector<FailureCount> failures;
  const auto add = [&](Outcome outcome, std::optional<WaitState> state) {
    const std::uint64_t requests = counted.of(outcome, state);
    if (requests > 0) failures.push_back({outcome, state, requests});
  };
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    for (std::size_t s = 0; s < kWaitStates; ++s) {
      add(static_cast<Outcome>(o), static_cast<WaitState>(s));
    }
    add(static_cast<Outcome>(o), std::nullopt);
  }
  std::stable_sort(
      failures.begin(), failures.end(),
      [](const FailureCount& a, const FailureCount& b) { return a.requests > b.requests; });
  return failures;
}

bool runs_application(const MachineSpec& machine) {
  return std::any_of(machine.owners.begin(), machine.owners.end(),
                     [](const TaskOwner& owner) { return owner.is_application(); });
}

}  // namespace

Sight sight_of(const Blueprint& blueprint, bool sees_kills) {
  Sight sight{true, true, sees_kills};
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    const MachineId machine(m);
    if (!runs_application(blueprint.machines[machine])) continue;
    for (const NeighborSpec& neighbor : blueprint.neighbors) {
      const bool same_disk = blueprint.disk_of(neighbor.task.machine) == blueprint.disk_of(machine);
      if (neighbor.task.machine == machine) sight.own_kernel = false;
      if (neighbor.files && same_disk) sight.own_disk = false;
    }
  }
  return sight;
}

void add_failures(SetupReport& report, const SetupTally& tally, const Sight& sight) {
  report.failures = failures_of(tally.failures);
  const double of_queues = visible_work(tally, sight);
  double all = 0, visible = 0;
  for (const FailureCount& failure : report.failures) {
    const auto requests = static_cast<double>(failure.requests);
    all += requests;
    visible += requests * visible_part(failure, sight, of_queues);
  }
  if (all > 0) report.failures_visible = visible / all;
}

}  // namespace cotenant
