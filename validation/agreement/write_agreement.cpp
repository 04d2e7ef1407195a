// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/write_agreement.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "study/writers/format.h"
#include "study/writers/json_text.h"
#include "study/writers/table.h"

namespace cotenant {
namespace {

// Percent with one decimal, rounded exactly; "0.0", never "-0.0".
std::string percent(double ratio) {
  std::array<char, 64> buffer{};
  const double value = std::fabs(ratio * 100) < 0.05 ? 0.0 : ratio * 100;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, 1);
  if (end.ec != std::errc()) return significant(value);
  return std::string(buffer.data(), end.ptr);
}

std::string signed_percent(double ratio) {
  const std::string text = percent(ratio);
  return text.front() == '-' || text == "0.0" ? text : "+" + text;
}

std::string with_unit(Compared metric, double value) {
  switch (metric) {
    case Compared::throughput:
      return significant(value) + "/s";
    case Compared::latency_mean:
    case Compared::latency_p50:
    case Compared::latency_p90:
    case Compared::latency_p95:
    case Compared::latency_p99:
    case Compared::first_oom_kill:
      return short_time(value);
    case Compared::cpu_utilization:
    case Compared::service_cpu_utilization:
    case Compared::neighbor_cpu_utilization:
    case Compared::throttled_ratio:
    case Compared::throttled_time_ratio:
      return significant(value * 100) + " %";
    case Compared::timed_out:
    case Compared::refused:
    case Compared::reset:
    case Compared::error_500:
    case Compared::worker_restarts:
    case Compared::oom_kills:
    case Compared::nr_periods:
    case Compared::nr_throttled:
      return significant(value);
  }
  return {};
}

std::string lines(const Table& table) {
  std::string text;
  for (const std::string& line : table_lines(table, Ink(false))) text += line + "\n";
  return text;
}

std::string headline(const BundleAgreement& agreement) {
  return printable(agreement.bundle) + ": " + std::to_string(agreement.phases) +
         (agreement.phases == 1 ? " phase" : " phases") + ", server overhead × " +
         significant(agreement.overhead_factor) +
         (agreement.cost_reached ? "" : ", which does not give the measured CPU per request") +
         "\n";
}

// "12.1 to 14 ms"; of what lies outside, a mark says so.
std::string interval_text(const Cell& cell) {
  if (!cell.low || !cell.high) return "–";
  const bool inside = cell.measured >= *cell.low && cell.measured <= *cell.high;
  return short_time(*cell.low) + " to " + short_time(*cell.high) + (inside ? "" : " ✗");
}

std::string bundle_table(const BundleAgreement& agreement) {
  TableColumn name{"metric", "", Align::left, {}};
  TableColumn measured{"measured", "", Align::right, {}};
  TableColumn predicted{"predicted", "", Align::right, {}};
  TableColumn error{"error", "%", Align::right, {}};
  TableColumn spread{"sd over phases", "", Align::right, {}};
  TableColumn noise{"noise floor", "%", Align::right, {}};
  TableColumn interval{"9 in 10 runs", "", Align::right, {}};
  for (const Cell& cell : agreement.cells) {
    name.cells.emplace_back(to_string(cell.metric));
    measured.cells.push_back(with_unit(cell.metric, cell.measured));
    predicted.cells.push_back(with_unit(cell.metric, cell.predicted));
    error.cells.push_back(cell.relative_error ? signed_percent(*cell.relative_error) : "–");
    spread.cells.push_back(with_unit(cell.metric, cell.phase_spread));
    noise.cells.push_back(cell.noise_floor > 0 ? percent(cell.noise_floor) : "–");
    interval.cells.push_back(interval_text(cell));
  }
  return lines({{name, measured, predicted, error, spread, noise, interval}, {}});
}

constexpr std::array<std::pair<Compared, std::string_view>, 14> kFamilyColumns = {
    {{Compared::throughput, "throughput"},
     {Compared::latency_mean, "mean"},
     {Compared::latency_p50, "p50"},
     {Compared::latency_p90, "p90"},
     {Compared::latency_p95, "p95"},
     {Compared::latency_p99, "p99"},
     {Compared::service_cpu_utilization, "CPU"},
     {Compared::neighbor_cpu_utilization, "neighbor CPU"},
     {Compared::timed_out, "timed out"},
     {Compared::reset, "reset"},
     {Compared::worker_restarts, "restarts"},
     {Compared::nr_periods, "periods"},
     {Compared::nr_throttled, "throttled"},
     {Compared::throttled_time_ratio, "throttled time"}}};

const FamilyError* find(const std::vector<FamilyError>& errors, const std::string& family,
                        Compared metric) {
  for (const FamilyError& error : errors) {
    if (error.family == family && error.metric == metric) return &error;
  }
  return nullptr;
}

std::string family_table(const std::vector<FamilyError>& errors) {
  TableColumn family{"family", "", Align::left, {}};
  TableColumn runs{"runs", "", Align::right, {}};
  for (const FamilyError& error : errors) {
    if (error.metric != Compared::latency_mean) continue;
    family.cells.push_back(printable(error.family));
    runs.cells.push_back(std::to_string(error.runs));
  }
  Table table{{family, runs}, {}};
  for (const auto& [metric, heading] : kFamilyColumns) {
    TableColumn column{std::string(heading), "%", Align::right, {}};
    bool any = false;
    for (const std::string& name : family.cells) {
      const FamilyError* error = find(errors, name, metric);
      any = any || error != nullptr;
      column.cells.push_back(
          error == nullptr ? "–" : percent(error->median) + " / " + percent(error->largest));
    }
    if (any) table.columns.push_back(std::move(column));
  }
  return "Size of the relative error by family, median / largest over its runs\n" + lines(table);
}

std::string coverage_text(const Coverage& coverage) {
  if (coverage.cells == 0) return {};
  const auto inside = static_cast<double>(coverage.inside);
  return "Of " + std::to_string(coverage.cells) + " figures of latency, " +
         std::to_string(coverage.inside) + " (" +
         percent(inside / static_cast<double>(coverage.cells)) +
         " %) are where nine in ten should be.\n";
}

std::string error_text(double error) {
  return std::isfinite(error) ? percent(error) : "cannot say";
}

// Of all runs together.
std::string contest_table(const std::vector<Contest>& contests) {
  TableColumn metric{"metric", "", Align::left, {}};
  TableColumn simulation{"Cotenant", "%", Align::right, {}};
  TableColumn scaled{"scaled trace", "%", Align::right, {}};
  TableColumn mmc{"M/M/c", "%", Align::right, {}};
  for (const Contest& contest : contests) {
    metric.cells.emplace_back(to_string(contest.metric));
    simulation.cells.push_back(percent(contest.simulation));
    scaled.cells.push_back(error_text(contest.baselines[0]));
    mmc.cells.push_back(error_text(contest.baselines[1]));
  }
  if (contests.empty()) return {};
  return "\nMedian size of the relative error over all runs, beside what one would say without a "
         "simulator\n" +
         lines({{metric, simulation, scaled, mmc}, {}});
}

std::string decisions_text(const std::vector<Decision>& decisions) {
  if (decisions.empty()) return {};
  std::size_t right = 0;
  std::string wrong;
  for (const Decision& decision : decisions) {
    if (decision.agrees) {
      ++right;
    } else {
      wrong += "  chosen " + printable(decision.chosen) + ", best was " + printable(decision.best) +
               "\n";
    }
  }
  return "\nThe lowest predicted p95 was the right choice between runs with the same requests in " +
         std::to_string(right) + " of " + std::to_string(decisions.size()) + " cases.\n" + wrong;
}

void write_baselines(JsonText& json, const Cell& cell) {
  for (std::size_t b = 0; b < cell.baselines.size(); ++b) {
    json.member(to_string(static_cast<Baseline>(b)), cell.baselines[b]);
  }
}

void write_cell(JsonText& json, const Cell& cell) {
  json.begin_object(JsonText::Style::compact);
  json.member("bundle", cell.bundle);
  json.member("family", cell.family);
  json.member("metric", to_string(cell.metric));
  json.member("measured", cell.measured);
  json.member("predicted", cell.predicted);
  json.member("relative_error", cell.relative_error);
  json.member("phase_spread", cell.phase_spread);
  json.member("noise_floor", cell.noise_floor);
  json.member("low", cell.low);
  json.member("high", cell.high);
  write_baselines(json, cell);
  json.end_object();
}

void write_families(JsonText& json, const std::vector<FamilyError>& errors) {
  json.begin_object();
  for (std::size_t i = 0; i < errors.size();) {
    json.key(errors[i].family);
    json.begin_object();
    const std::string& family = errors[i].family;
    for (; i < errors.size() && errors[i].family == family; ++i) {
      json.key(to_string(errors[i].metric));
      json.begin_object(JsonText::Style::compact);
      json.member("runs", static_cast<std::uint64_t>(errors[i].runs));
      json.member("median_error", errors[i].median);
      json.member("largest_error", errors[i].largest);
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
}

void write_contest(JsonText& json, const Contest& contest) {
  json.begin_object(JsonText::Style::compact);
  json.member("metric", to_string(contest.metric));
  json.member("median_error", contest.simulation);
  for (std::size_t b = 0; b < contest.baselines.size(); ++b) {
    const double error = contest.baselines[b];
    json.member(to_string(static_cast<Baseline>(b)),
                std::isfinite(error) ? std::optional(error) : std::nullopt);
  }
  json.end_object();
}

void write_decision(JsonText& json, const Decision& decision) {
  json.begin_object(JsonText::Style::compact);
  json.key("candidates");
  json.begin_array(JsonText::Style::compact);
  for (const std::string& name : decision.candidates) json.value(name);
  json.end_array();
  json.member("chosen", decision.chosen);
  json.member("best", decision.best);
  json.member("agrees", decision.agrees);
  json.end_object();
}

}  // namespace

std::string agreement_text(const Validation& validation) {
  std::string text;
  for (const BundleAgreement& agreement : validation.agreements) {
    text += headline(agreement) + bundle_table(agreement) + "\n";
  }
  return text + family_table(by_family(validation.agreements)) + "\n" +
         coverage_text(coverage(validation.agreements)) +
         contest_table(contests(validation.agreements)) + decisions_text(validation.decisions);
}

std::string agreement_json(const Validation& validation) {
  JsonText json;
  json.begin_object();
  json.key("cells");
  json.begin_array();
  for (const BundleAgreement& agreement : validation.agreements) {
    for (const Cell& cell : agreement.cells) write_cell(json, cell);
  }
  json.end_array();
  json.key("families");
  write_families(json, by_family(validation.agreements));
  const Coverage covered = coverage(validation.agreements);
  json.key("coverage");
  json.begin_object(JsonText::Style::compact);
  json.member("inside", static_cast<std::uint64_t>(covered.inside));
  json.member("cells", static_cast<std::uint64_t>(covered.cells));
  json.end_object();
  json.key("contests");
  json.begin_array();
  for (const Contest& contest : contests(validation.agreements)) write_contest(json, contest);
  json.end_array();
  json.key("decisions");
  json.begin_array();
  for (const Decision& decision : validation.decisions) write_decision(json, decision);
  json.end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace cotenant
