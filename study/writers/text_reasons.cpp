// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_reasons.h"

#include <algorithm>

#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/text_memory.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// What the calls of an operation take of a request, without what they wait for other services.
double seconds_per_request(const OperationReport& operation) {
  if (!operation.wait_states || !operation.calls_per_request) return 0;
  const auto downstream = static_cast<std::size_t>(WaitState::downstream);
  return *operation.calls_per_request *
         (operation.wait_states->latency - operation.wait_states->states[downstream]);
}

// What requests with that outcome had mostly spent their time on, where that is worth saying.
std::string held_up_by(const SetupReport& setup, Outcome outcome) {
  std::uint64_t all = 0;
  const FailureCount* most = nullptr;
  for (const FailureCount& failure : setup.failures) {
    if (failure.outcome != outcome) continue;
    all += failure.requests;
    if (most == nullptr || failure.requests > most->requests) most = &failure;
  }
  if (most == nullptr || !most->held_by) return "";
  const double share = static_cast<double>(most->requests) / static_cast<double>(all);
  return ", " + whole_percent(share) + " of these mostly " +
         std::string(words(*most->held_by).phrase);
}

// CPU time, in the units in which providers count it: a credit is a minute.
std::string credit_time(double seconds) {
  constexpr double kMinute = 60, kHour = 3600;
  if (seconds >= kHour) return significant(seconds / kHour) + " h";
  if (seconds >= kMinute) return significant(seconds / kMinute) + " min";
  return significant(seconds) + " s";
}

}  // namespace

std::uint64_t errors_in(const OutcomeCounts& counts) {
  std::uint64_t errors = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (is_error(static_cast<Outcome>(i))) errors += counts[i];
  }
  return errors;
}

// Where waiting for other services is worth saying: which of them, and what for.
std::string what_it_waits_for(const SetupReport& setup, const WaitBreakdown& breakdown) {
  const double waits = breakdown.states[static_cast<std::size_t>(WaitState::downstream)];
  if (setup.operations.empty() || waits < kWorthSaying * breakdown.latency) return "";
  const auto less = [](const OperationReport& a, const OperationReport& b) {
    return seconds_per_request(a) < seconds_per_request(b);
  };
  const auto longest = std::max_element(setup.operations.begin(), setup.operations.end(), less);
  if (seconds_per_request(*longest) <= 0) return "";
  return " Of its calls those of " + printable(longest->name) +
         " take longest: " + significant(*longest->calls_per_request) + " calls a request, " +
         short_time(longest->wait_states->latency) + " each on average; " +
         share_sentence(*longest->wait_states, "that");
}

std::string what_those_before_it_do(const SetupReport& setup, const WaitBreakdown& breakdown) {
  constexpr double kMostly = 0.4;
  if (!setup.wait_states.mean) return "";
  double waits = 0;
  WaitBreakdown work;
  for (std::size_t i = 0; i < kWaitStates; ++i) {
    if (is_queue(static_cast<WaitState>(i))) {
      waits += breakdown.states[i];
    } else {
      work.states[i] = setup.wait_states.mean->states[i];
      work.latency += work.states[i];
    }
  }
  if (waits < kMostly * breakdown.latency) return "";
  const std::string what = share_sentence(work, "their time");
  return what.empty() ? "" : " Of those before it, " + what;
}

std::string why_unstable(const StabilityReport& stability) {
  std::string text = "more work arrives than it can do, so its queue grows by " +
                     significant(stability.growth_per_second) + " requests each second.";
  if (stability.seconds_to_overflow) {
    text += " From an empty start connections are turned away after " +
            short_time(*stability.seconds_to_overflow) + ".";
  }
  return text;
}

// What most of its failed requests have in common; empty when none failed.
std::string what_fails(const SetupReport& setup) {
  const std::uint64_t errors = errors_in(setup.outcomes);
  if (errors == 0) return "";
  std::size_t most = kOutcomes;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (!is_error(static_cast<Outcome>(i))) continue;
    if (most == kOutcomes || setup.outcomes[i] > setup.outcomes[most]) most = i;
  }
  const double share = static_cast<double>(setup.outcomes[most]) / static_cast<double>(errors);
  std::string text = whole_percent(share) +
                     " of its failed requests: " + std::string(words(static_cast<Outcome>(most))) +
                     held_up_by(setup, static_cast<Outcome>(most)) + ".";
  if (!setup.first_oom_kill) return text;
  const FirstOomKill& kill = *setup.first_oom_kill;
  return text + " Processes of " + printable(kill.service) + " are killed by the limit of " +
         printable(limit_of(kill)) + ".";
}

std::string by_the_hour(const SetupReport& setup) {
  if (!setup.latency_p95_hours) return "";
  const HourlySpread& spread = *setup.latency_p95_hours;
  const std::string fails =
      spread.worst_failed > 0
          ? " and in which " + whole_percent(spread.worst_failed) + " of its requests fail"
          : "";
  return " By the hour its p95 is " + short_time(spread.median) + " in the median one and " +
         short_time(spread.worst) + " in the worst, which begins after " +
         grouped(spread.worst_hour) + " h" + fails + ".";
}

std::vector<std::string> what_is_left_of_credits(const SetupReport& setup) {
  std::vector<std::string> lines;
  for (const MachineCounters& machine : setup.machines) {
    for (const GroupCounters& group : machine.groups) {
      if (!group.credits) continue;
      const GroupCredits& credits = *group.credits;
      const std::string end = credit_time(credits.end) + " of at most " +
                              credit_time(credits.most) + " of CPU are left at the end of a run";
      lines.push_back(credits.least > 0 ? "Its CPU credits last: " + end + ", never less than " +
                                              credit_time(credits.least) + "."
                                        : "Its CPU credits run out; " + end + ".");
    }
  }
  return lines;
}

}  // namespace cotenant
