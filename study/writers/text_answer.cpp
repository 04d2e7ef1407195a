// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_answer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "study/objectives.h"
#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/text_reasons.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

const MetricValue& value_of(const SetupReport& setup, const ObjectiveReport& objective) {
  const Metrics* metrics = metrics_of(setup, objective.request_class);
  return at(metrics != nullptr ? *metrics : setup.metrics, objective.metric);
}

double bound_of(const ObjectiveReport& objective) {
  return objective.below ? *objective.below : *objective.above;
}

// "p95 118 ms of 400 ms allowed".
std::string against_bound(const SetupReport& setup, const ObjectiveReport& objective) {
  const MetricUnit unit = info(objective.metric).unit;
  const MetricValue& value = value_of(setup, objective);
  if (!value.value) return printable(short_name(objective)) + ": " + printable(value.why);
  return printable(short_name(objective)) + " " + with_unit(unit, *value.value) +
         (objective.below ? " of " : ", ") + with_unit(unit, bound_of(objective)) +
         (objective.below ? " allowed" : " wanted");
}

std::string all_against_bounds(const SetupReport& setup) {
  std::string text;
  for (const ObjectiveReport& objective : setup.objectives) {
    text += (text.empty() ? "" : "; ") + against_bound(setup, objective);
  }
  return text;
}

std::vector<std::size_t> with_verdict(const Report& report, Verdict verdict) {
  std::vector<std::size_t> setups;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    if (verdict_of(report.setups[i]) == verdict) setups.push_back(i);
  }
  return setups;
}

std::string names(const Report& report, const std::vector<std::size_t>& setups) {
  std::vector<std::string> list;
  for (const std::size_t setup : setups) list.push_back(report.setups[setup].name);
  return enumerated(list);
}

// "vps ($4.60 a month)".
std::string with_price(const SetupReport& setup) {
  const std::string price =
      setup.price ? monthly(*setup.price) + " a month" : std::string("no price known");
  return printable(setup.name) + " (" + price + ")";
}

// --- How sure

// What replications are, and how many of them meet every objective; empty without objectives.
std::string in_how_many(const SetupReport& setup) {
  std::uint64_t met = 0, judged = 0;
  for (const ObjectiveReport& objective : setup.objectives) {
    if (judged == 0 || objective.met_in < met) met = objective.met_in;
    judged = std::max(judged, objective.judged_in);
  }
  if (judged < 2) return "";
  const std::string what = setup.boxes_differ ? " boxes that one may be given" : " replications";
  return "By themselves " + grouped(met) + " of " + grouped(judged) + what + " meet them.";
}

std::string over_boxes(const SetupReport& setup) {
  if (!setup.latency_p95_spread || !setup.boxes_differ) return "";
  const Spread& spread = *setup.latency_p95_spread;
  return " Its p95 is " + short_time(spread.median) + " in the median box, " +
         short_time(spread.bad) + " in a bad one (one in ten is worse), and " +
         short_time(spread.worst) + " in the worst.";
}

// How many more replications would move the bound out of the interval, if the value stays: widths
// shrink with the square root of their number. Nothing where there is no interval.
std::optional<std::uint64_t> replications_to_tell(const SetupReport& setup,
                                                  std::uint64_t replications) {
  std::optional<std::uint64_t> most;
  for (const ObjectiveReport& objective : setup.objectives) {
    if (objective.verdict != Verdict::cannot_tell) continue;
    const MetricValue& value = value_of(setup, objective);
    if (!value.value || !value.low || !value.high) return std::nullopt;
    const double bound = bound_of(objective);
    const double distance = std::fabs(*value.value - bound);
    const double half =
        bound > *value.value ? *value.high - *value.value : *value.value - *value.low;
    constexpr double kHopeless = 1000;  // times as many
    const double factor = distance > 0 ? half / distance * (half / distance) : kHopeless;
    if (factor >= kHopeless) return std::nullopt;
    const double wanted = std::ceil(static_cast<double>(replications) * factor);
    const auto more = static_cast<std::uint64_t>(wanted) -
                      std::min(static_cast<std::uint64_t>(wanted), replications);
    most = std::max(most.value_or(1), more);
  }
  return most;
}

std::string undecided(const Report& report, std::size_t index) {
  const SetupReport& setup = report.setups[index];
  std::string text = "Cannot tell yet whether " + with_price(setup) +
                     " meets them: " + all_against_bounds(setup) + ".";
  if (const auto more = replications_to_tell(setup, report.provenance.replications)) {
    text += " About " + grouped(*more) + " more replications would tell.";
  }
  return text;
}

// --- The choice

// What it costs beside the one that is chosen, and what that buys.
std::string alternative(const SetupReport& setup, const SetupReport& chosen) {
  if (!setup.price || !chosen.price || chosen.price->cents_per_month == 0) return "";
  if (setup.price->currency != chosen.price->currency) return "";
  constexpr double kBetter = 0.95;  // of a latency: less is not worth a sentence
  const double times = static_cast<double>(setup.price->cents_per_month) /
                       static_cast<double>(chosen.price->cents_per_month);
  const auto& ours = at(setup.metrics, Metric::latency_p95).value;
  const auto& theirs = at(chosen.metrics, Metric::latency_p95).value;
  std::string text = printable(setup.name) + " costs " + significant(times) + " times as much";
  if (ours && theirs) {
    text += *ours < kBetter * *theirs ? ", for a p95 of " : " and is not faster: p95 ";
    text += short_time(*ours);
  }
  return text + ".";
}

bool costs_less(const SetupReport& setup, const SetupReport& than) {
  return !setup.price || !than.price || setup.price->currency != than.price->currency ||
         setup.price->cents_per_month < than.price->cents_per_month;
}

std::vector<std::string> chosen_answer(const Report& report, std::size_t index) {
  const SetupReport& chosen = report.setups[index];
  std::vector<std::string> lines = {
      with_price(chosen) +
      " is the cheapest that meets every objective: " + all_against_bounds(chosen) + "."};
  const std::string sure = in_how_many(chosen) + over_boxes(chosen) + by_the_hour(chosen);
  if (!sure.empty()) lines.push_back(sure);
  for (const std::size_t setup : with_verdict(report, Verdict::cannot_tell)) {
    if (costs_less(report.setups[setup], chosen)) lines.push_back(undecided(report, setup));
  }
  std::string others;
  for (const std::size_t setup : with_verdict(report, Verdict::met)) {
    if (setup == index) continue;
    const std::string text = alternative(report.setups[setup], chosen);
    if (!text.empty()) others += (others.empty() ? "" : " ") + text;
  }
  if (!others.empty()) lines.push_back(others);
  return lines;
}

// Several meet, and it cannot be said which of them is cheapest.
std::vector<std::string> no_cheapest(const Report& report, const std::vector<std::size_t>& meet) {
  std::string text = names(report, meet) + (meet.size() == 1 ? " meets" : " meet");
  text += " every objective";
  std::vector<std::string> without;
  for (const std::size_t setup : meet) {
    const std::optional<Price>& price = report.setups[setup].price;
    if (!price || price->surplus_unknown) without.push_back(report.setups[setup].name);
  }
  if (report.setups.size() < 2) return {text + ": " + all_against_bounds(report.setups[0]) + "."};
  const std::string reason = without.empty() ? "their prices are in different currencies"
                                             : "no full price is known of " + enumerated(without);
  return {text + ". Which is cheapest cannot be said: " + reason + "."};
}

// The one that misses by least: its worst ratio to a bound is the smallest.
std::optional<std::size_t> closest(const Report& report) {
  std::optional<std::size_t> best;
  double smallest = 0;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    if (!setup.stability.stable || verdict_of(setup) == Verdict::cannot_run) continue;
    double worst = 0;
    for (const ObjectiveReport& objective : setup.objectives) {
      const MetricValue& value = value_of(setup, objective);
      const double bound = bound_of(objective);
      if (!value.value || !(bound > 0)) continue;
      worst = std::max(worst, objective.below ? *value.value / bound
                                              : bound / std::max(*value.value, bound * 1e-6));
    }
    if (!best || worst < smallest) {
      best = i;
      smallest = worst;
    }
  }
  return best;
}

std::vector<std::string> none_meets(const Report& report) {
  std::vector<std::string> lines;
  const std::vector<std::size_t> open = with_verdict(report, Verdict::cannot_tell);
  if (open.empty()) {
    std::string text = "None of these meets every objective.";
    if (const auto nearest = closest(report)) {
      const SetupReport& setup = report.setups[*nearest];
      text += " Closest is " + with_price(setup) + ": " + all_against_bounds(setup) + ".";
    }
    return {text};
  }
  for (const std::size_t setup : open) lines.push_back(undecided(report, setup));
  return lines;
}

// --- Attributes

std::string visible_failures(const SetupReport& setup) {
  if (!setup.failures_visible) return "";
  return "Of its failures " + whole_percent(*setup.failures_visible) +
         " have a cause that its tenant can see.";
}

}  // namespace

std::vector<std::string> answer(const Report& report) {
  const bool any_objective =
      std::any_of(report.setups.begin(), report.setups.end(),
                  [](const SetupReport& setup) { return !setup.objectives.empty(); });
  if (!any_objective) {
    return {
        "Nothing is chosen, because nothing is asked for: \"objectives\" in the scenario say what "
        "a "
        "setup must achieve."};
  }
  const std::vector<std::size_t> cheapest = cheapest_that_meet(report);
  if (!cheapest.empty()) return chosen_answer(report, cheapest.front());
  const std::vector<std::size_t> meet = with_verdict(report, Verdict::met);
  return meet.empty() ? none_meets(report) : no_cheapest(report, meet);
}

std::vector<std::string> attributes(const Report& report) {
  std::vector<std::string> lines;
  for (const SetupReport& setup : report.setups) {
    std::string text;
    const auto add = [&text](const std::string& sentence) {
      if (!sentence.empty()) text += (text.empty() ? "" : " ") + printable(sentence);
    };
    if (setup.plan) {
      add(setup.plan->isolation);
      add(setup.plan->effort);
      add("More of it: " + setup.plan->scaling + ".");
    }
    add(visible_failures(setup));
    if (!text.empty()) lines.push_back(printable(setup.name) + ": " + text);
  }
  return lines;
}

}  // namespace cotenant
