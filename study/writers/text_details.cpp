// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "study/writers/text_details.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "study/objectives.h"
#include "study/writers/format.h"
#include "study/writers/summary.h"
#include "study/writers/table.h"
#include "study/writers/text_reasons.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

struct NamedBreakdown {
  std::string_view heading;
  const WaitBreakdown* breakdown;
};

std::vector<NamedBreakdown> breakdowns_of(const SetupReport& setup) {
  std::vector<NamedBreakdown> result;
  const auto add = [&result](std::string_view heading, const std::optional<WaitBreakdown>& entry) {
    if (entry && entry->latency > 0) result.push_back({heading, &*entry});
  };
  add("mean", setup.wait_states.mean);
  add("p50", setup.wait_states.p50);
  add("p99", setup.wait_states.p99);
  return result;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return grouped(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// The most telling breakdown there is, as a sentence: "61 % of its p99 is held back by ...".
std::string where_it_goes(const SetupReport& setup, std::string_view whose) {
  const std::vector<NamedBreakdown> all = breakdowns_of(setup);
  if (all.empty()) return "";
  const WaitBreakdown& breakdown = *all.back().breakdown;
  return share_sentence(breakdown, std::string(whose) + " " + std::string(all.back().heading)) +
         what_it_waits_for(setup, breakdown) + what_those_before_it_do(setup, breakdown);
}

std::string full_text(const ObjectiveReport& objective) {
  std::string text = objective.text;
  if (!objective.request_class.empty() && text.find(objective.request_class) == std::string::npos) {
    text += " of " + objective.request_class;
  }
  return printable(text + (objective.reason.empty() ? "." : ": " + objective.reason));
}

// One bar whose full length is the whole latency; eighths of a column are visible.
std::string share_bar(double share, std::size_t width) {
  constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::min(std::max(share, 0.0), 1.0);
  const auto eighths = static_cast<std::size_t>(clamped * static_cast<double>(8 * width) + 0.5);
  std::string bar;
  for (std::size_t i = 0; i < eighths / 8; ++i) bar += "█";
  return bar + std::string(kEighths[eighths % 8]);
}

Scale scale_for(const WaitBreakdown& breakdown) {
  return scale_of(MetricUnit::seconds, breakdown.latency, breakdown.latency);
}

// The time in a state as it is printed; nothing when it rounds to zero.
std::optional<Figure> time_in(const WaitBreakdown& breakdown, std::size_t state) {
  const std::string text =
      part_of(breakdown.states[state], breakdown.latency, scale_for(breakdown));
  if (text.find_first_not_of("0.") == std::string::npos) return std::nullopt;
  return Figure{text, ""};
}

// The states that have something to show in any of the breakdowns.
std::vector<std::size_t> shown_states(const std::vector<NamedBreakdown>& all) {
  std::vector<std::size_t> states;
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    const bool occurs = std::any_of(all.begin(), all.end(), [state](const NamedBreakdown& entry) {
      return time_in(*entry.breakdown, state).has_value();
    });
    if (occurs) states.push_back(state);
  }
  return states;
}

Table time_table(const SetupReport& setup, std::size_t setup_index, const Ink& ink,
                 std::size_t bar_width) {
  const std::vector<NamedBreakdown> all = breakdowns_of(setup);
  const std::vector<std::size_t> states = shown_states(all);
  Table table;
  TableColumn labels{ink.color(setup_color(setup_index), clip(printable(setup.name), kLongestName)),
                     "",
                     Align::left,
                     {}};
  for (const std::size_t state : states) {
    labels.cells.push_back("  " + std::string(words(static_cast<WaitState>(state)).label));
  }
  labels.cells.push_back("  all of it");
  table.columns.push_back(std::move(labels));

  for (const auto& [heading, breakdown] : all) {
    const Scale scale = scale_for(*breakdown);
    std::vector<std::optional<Figure>> figures;
    TableColumn bars{"", "", Align::left, {}};
    for (const std::size_t state : states) {
      figures.push_back(time_in(*breakdown, state));
      const std::string bar = share_bar(breakdown->states[state] / breakdown->latency, bar_width);
      bars.cells.push_back(
          pad_right(ink.color(words(static_cast<WaitState>(state)).color, bar), bar_width));
    }
    figures.push_back(figure(breakdown->latency, std::nullopt, std::nullopt, scale));
    bars.cells.push_back(std::string(bar_width, ' '));
    table.columns.push_back({std::string(heading), std::string(scale.unit), Align::right,
                             align_figures(figures, false)});
    table.columns.push_back(std::move(bars));
  }
  return table;
}

void add_doubts(std::vector<std::string>& lines, const std::string& prefix,
                const std::vector<std::string>& notes) {
  for (const std::string& note : notes) lines.push_back(printable(prefix + note));
}

// Not because too many fail to speak of a percentile.
bool misses_by_time(const SetupReport& setup) {
  return std::any_of(setup.objectives.begin(), setup.objectives.end(),
                     [&](const ObjectiveReport& objective) {
                       if (objective.verdict != Verdict::missed || !is_latency(objective.metric))
                         return false;
                       const MetricValue& value =
                           at(*metrics_of(setup, objective.request_class), objective.metric);
                       return value.value && !is_met(objective, *value.value, 0);
                     });
}

std::string why_missed(const SetupReport& setup) {
  if (!setup.stability.stable) return why_unstable(setup.stability);
  const std::string fails = what_fails(setup), time = where_it_goes(setup, "its");
  const bool by_time = misses_by_time(setup) || fails.empty();
  return by_time && !time.empty() ? time : fails;
}

// How many of what had which outcome, by setup.
std::vector<std::string> count_table(const Report& report, std::string_view what,
                                     const OutcomeCounts SetupReport::*counts, const Ink& ink) {
  Table table;
  table.columns.push_back({std::string(what), "", Align::left, {}});
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    table.columns[0].cells.push_back(
        ink.color(setup_color(i), clip(printable(report.setups[i].name), kLongestName)));
  }
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    TableColumn column{std::string(words(static_cast<Outcome>(i))), "", Align::right, {}};
    std::uint64_t sum = 0;
    for (const SetupReport& setup : report.setups) {
      const std::uint64_t count = (setup.*counts)[i];
      column.cells.push_back(grouped(count));
      sum += count;
    }
    if (sum > 0) table.columns.push_back(std::move(column));
  }
  return table_lines(table, ink);
}

std::string outages_of(const SetupReport& setup, const ServiceCounters& service) {
  return service.name + " in " + setup.name + " as a whole: down " + grouped(service.outages) +
         (service.outages == 1 ? " time, " : " times, ") +
         whole_percent(setup.observed > 0 ? service.down / setup.observed : 0) + " of the time";
}

std::string cold_starts_of(const SetupReport& setup, const ServiceCounters& service) {
  return service.name + " in " + setup.name +
         " was stopped when idle: " + counted(service.cold_starts, "cold start");
}

}  // namespace

std::string headline(const Report& report) {
  const Provenance& run = report.provenance;
  std::string text = report.name.empty() ? "Scenario" : printable(report.name);
  text += ": " + counted(report.setups.size(), "setup") + ", " +
          counted(run.replications, "replication") + " of " + plain_duration(run.horizon) + ", ";
  text +=
      run.warmup > 0 ? plain_duration(run.warmup) + " of warm-up removed" : "no warm-up removed";
  if (!run.warmup_reliable) text += " (uncertain)";
  return text + ", seed " + std::to_string(run.seed);
}

std::vector<std::string> explanations(const Report& report) {
  std::vector<std::string> lines;
  for (const SetupReport& setup : report.setups) {
    const std::string name = printable(setup.name);
    const Verdict verdict = verdict_of(setup);
    const std::string reason =
        setup.stability.stable ? where_it_goes(setup, "its") : why_unstable(setup.stability);
    if (verdict == Verdict::cannot_run) {
      lines.push_back("Why " + name + " cannot run: its plan " + enumerated(setup.cannot_run) +
                      ".");
      continue;
    }
    if (verdict == Verdict::missed) {
      lines.push_back("Why " + name + " misses: " + why_missed(setup));
    } else if (!setup.stability.stable) {
      lines.push_back("Why " + name + " has no steady state: " + reason);
    } else if (!reason.empty()) {
      lines.push_back("Where the time goes in " + name + ": " + reason);
    } else if (verdict == Verdict::cannot_tell) {
      lines.push_back(name + " cannot be judged yet:");
    }
    for (const ObjectiveReport& objective : setup.objectives) {
      if (objective.verdict == Verdict::met) continue;
      lines.push_back("  " + std::string(words(objective.verdict).mark) + " " +
                      full_text(objective));
    }
  }
  return lines;
}

std::vector<std::string> time_tables(const Report& report, const Ink& ink, std::size_t width) {
  constexpr std::size_t kShortestBar = 4, kLongestBar = 16;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    if (breakdowns_of(setup).empty()) continue;
    std::size_t bar = kLongestBar;
    Table table = time_table(setup, i, ink, bar);
    while (bar > kShortestBar && table_width(table) > width) {
      table = time_table(setup, i, ink, --bar);
    }
    if (!lines.empty()) lines.emplace_back();
    for (std::string& line : table_lines(table, ink)) lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> ended_workers(const Report& report) {
  std::vector<std::string> lines;
  for (const SetupReport& setup : report.setups) {
    for (const ServiceCounters& service : setup.services) {
      std::string text;
      if (service.worker_restarts > 0)
        text += ": " + grouped(service.worker_restarts) + " replaced";
      if (service.worker_timeouts > 0) {
        text += ", " + grouped(service.worker_timeouts) + " of them killed because they hung";
      }
      if (service.oom_kills > 0) {
        text += text.empty() ? ": " : ", ";
        text += grouped(service.oom_kills) + " of them killed for lack of memory";
      }
      if (service.workers_lost > 0) {
        text += text.empty() ? ": " : "; ";
        text += grouped(service.workers_lost) + " ended and not replaced";
      }
      if (service.tasks_redelivered > 0) {
        lines.push_back(printable("Tasks of " + service.name + " in " + setup.name + ": " +
                                  grouped(service.tasks_redelivered) + " delivered again"));
      }
      if (service.outages > 0) lines.push_back(printable(outages_of(setup, service)));
      if (service.cold_starts > 0) lines.push_back(printable(cold_starts_of(setup, service)));
      if (text.empty()) continue;
      lines.push_back(printable("Workers of " + service.name + " in " + setup.name + text));
    }
  }
  return lines;
}

std::vector<std::string> outcome_table(const Report& report, const Ink& ink) {
  const auto has_errors = [](const SetupReport& setup) {
    return errors_in(setup.outcomes) + errors_in(setup.attempts) > 0;
  };
  if (std::none_of(report.setups.begin(), report.setups.end(), has_errors)) return {};
  std::vector<std::string> lines = count_table(report, "requests", &SetupReport::outcomes, ink);
  constexpr auto kAttempts = static_cast<std::size_t>(Metric::attempts_per_request);
  const auto has_retries = [](const SetupReport& setup) {
    return setup.metrics[kAttempts].value.has_value();
  };
  if (std::none_of(report.setups.begin(), report.setups.end(), has_retries)) return lines;
  lines.emplace_back();
  for (std::string& line : count_table(report, "attempts", &SetupReport::attempts, ink)) {
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> doubts(const Report& report) {
  std::vector<std::string> lines;
  add_doubts(lines, "", report.notes);
  const std::vector<Metric> shown = summary_metrics(report);
  for (const SetupReport& setup : report.setups) {
    const std::string prefix = setup.name + ": ";
    add_doubts(lines, prefix, setup.notes);
    if (!setup.cannot_run.empty()) continue;
    add_doubts(lines, prefix, missing_numbers(setup.metrics, setup.stability, shown));
  }
  return lines;
}

std::string fine_print(const Provenance& provenance) {
  std::string text;
  if (provenance.replications > 1) {
    text += "± is the " + level_percent(provenance.confidence) + " confidence interval. ";
  }
  text +=
      provenance.censored == 1 ? "1 request was" : grouped(provenance.censored) + " requests were";
  text +=
      " still in the system at the ends (censored). " + counted(provenance.events, "event") + "; ";
  return text + "scenario " + hex16(provenance.scenario_hash) + ", fingerprint " +
         hex16(provenance.fingerprint) + ".";
}

}  // namespace cotenant
