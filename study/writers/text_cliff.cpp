// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_cliff.h"

#include <cstddef>
#include <optional>

#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/text_reasons.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// "74.1/s, 1.76 times the load of the scenario".
std::string load_of(const LoadPoint& point) {
  const std::optional<double> rate = at(point.setup.metrics, Metric::offered_rate).value;
  const std::string times = significant(point.factor) + " times the load of the scenario";
  return rate ? with_unit(MetricUnit::per_second, *rate) + ", " + times : times;
}

// The objectives that it misses, with their numbers.
std::string what_is_missed(const LoadPoint& point) {
  std::string text;
  for (const ObjectiveReport& objective : point.setup.objectives) {
    if (objective.verdict != Verdict::missed) continue;
    text += (text.empty() ? "" : "; ") + printable(objective.text) +
            (objective.reason.empty() ? "" : " (" + printable(objective.reason) + ")");
  }
  return text;
}

// The wait state in which the slowest requests spend so much more than at the lower load.
std::optional<WaitState> what_grew(const LoadPoint& from, const LoadPoint& to) {
  const auto& before = from.setup.wait_states.p99;
  const auto& after = to.setup.wait_states.p99;
  if (!before || !after) return std::nullopt;
  std::size_t most = 0;
  const auto growth_in = [&](std::size_t state) {
    return after->states[state] - before->states[state];
  };
  for (std::size_t state = 1; state < kWaitStates; ++state) {
    if (growth_in(state) > growth_in(most)) most = state;
  }
  return growth_in(most) > 0 ? std::optional(static_cast<WaitState>(most)) : std::nullopt;
}

// What is used up there, as the counters show it; may be empty.
std::string what_is_used_up(const SetupReport& setup) {
  constexpr double kNearlyAll = 0.95, kOften = 0.2;
  const double throttled = at(setup.metrics, Metric::throttled_ratio).value.value_or(0);
  if (throttled > kOften) {
    return "its CPU limit holds it back in " + whole_percent(throttled) + " of the periods";
  }
  const double cpu = at(setup.metrics, Metric::cpu_utilization).value.value_or(0);
  return cpu > kNearlyAll ? "its CPU is used up (" + whole_percent(cpu) + ")" : "";
}

// The same, or that nothing is.
std::string how_much_is_used(const SetupReport& setup) {
  const std::string used_up = what_is_used_up(setup);
  const std::optional<double> cpu = at(setup.metrics, Metric::cpu_utilization).value;
  if (!used_up.empty() || !cpu) return used_up;
  return "its CPU is not used up (" + whole_percent(*cpu) + ")";
}

std::string what_breaks_it(const Cliff& cliff) {
  const LoadPoint& breaks = cliff.points[*cliff.breaks];
  std::string text = "What breaks it: ";
  const std::string used = how_much_is_used(breaks.setup);
  if (!breaks.setup.stability.stable) {
    return text + why_unstable(breaks.setup.stability) +
           (used.empty() ? "" : " There " + used + ".");
  }
  // Against the lowest load that was tried, where the least is wrong.
  const auto grew = what_grew(cliff.points.front(), breaks);
  if (grew && &cliff.points.front() != &breaks) {
    text += "above all, more time " + std::string(words(*grew).phrase);
    return text + (used.empty() ? "" : "; " + used) + ".";
  }
  const std::string fails = what_fails(breaks.setup);
  if (!fails.empty()) return text + fails;
  const std::string used_up = what_is_used_up(breaks.setup);
  return used_up.empty() ? "" : text + used_up + ".";
}

// Where the load of the scenario is: before its cliff, at it, or beyond.
std::string how_near(const Cliff& cliff) {
  if (cliff.points[*cliff.holds].factor >= 1) return "It keeps its objectives up to ";
  return cliff.points[*cliff.breaks].factor <= 1
             ? "It is beyond its cliff: it would keep its objectives at "
             : "It is at its cliff: it keeps its objectives at ";
}

}  // namespace

std::string cliff_sentence(const Cliff& cliff) {
  if (!cliff.why_none.empty()) return "No cliff was looked for: " + cliff.why_none + ".";
  const std::string stopped =
      cliff.stopped ? " The search was stopped before it was done." : std::string();
  if (!cliff.breaks) {
    if (!cliff.holds)
      return "Where its cliff is cannot be told: no load could be judged." + stopped;
    return "It keeps its objectives at " + load_of(cliff.points[*cliff.holds]) +
           ", and no cliff was found up to there." + stopped;
  }
  const LoadPoint& breaks = cliff.points[*cliff.breaks];
  std::string text;
  if (cliff.holds) {
    const LoadPoint& holds = cliff.points[*cliff.holds];
    text = how_near(cliff) + load_of(holds) + ", and at " + load_of(breaks) + " it misses ";
  } else {
    text =
        "No load was found at which it keeps its objectives; at " + load_of(breaks) + " it misses ";
  }
  text += what_is_missed(breaks) + ".";
  const std::string cause = what_breaks_it(cliff);
  return text + (cause.empty() ? "" : " " + cause) + stopped;
}

}  // namespace cotenant
