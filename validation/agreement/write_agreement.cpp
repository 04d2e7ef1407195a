// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/write_agreement.h"

#include <array>
#include <charconv>
#include <cmath>
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

std::string bundle_table(const BundleAgreement& agreement) {
  TableColumn name{"metric", "", Align::left, {}};
  TableColumn measured{"measured", "", Align::right, {}};
  TableColumn predicted{"predicted", "", Align::right, {}};
  TableColumn error{"error", "%", Align::right, {}};
  TableColumn spread{"sd over phases", "", Align::right, {}};
  for (const Cell& cell : agreement.cells) {
    name.cells.emplace_back(to_string(cell.metric));
    measured.cells.push_back(with_unit(cell.metric, cell.measured));
    predicted.cells.push_back(with_unit(cell.metric, cell.predicted));
    error.cells.push_back(cell.relative_error ? signed_percent(*cell.relative_error) : "–");
    spread.cells.push_back(with_unit(cell.metric, cell.phase_spread));
  }
  return lines({{name, measured, predicted, error, spread}, {}});
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

void write_cell(JsonText& json, const Cell& cell) {
  json.begin_object(JsonText::Style::compact);
  json.member("bundle", cell.bundle);
  json.member("family", cell.family);
  json.member("metric", to_string(cell.metric));
  json.member("measured", cell.measured);
  json.member("predicted", cell.predicted);
  json.member("relative_error", cell.relative_error);
  json.member("phase_spread", cell.phase_spread);
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

}  // namespace

std::string agreement_text(const std::vector<BundleAgreement>& agreements) {
  std::string text;
  for (const BundleAgreement& agreement : agreements) {
    text += headline(agreement) + bundle_table(agreement) + "\n";
  }
  return text + family_table(by_family(agreements));
}

std::string agreement_json(const std::vector<BundleAgreement>& agreements) {
  JsonText json;
  json.begin_object();
  json.key("cells");
  json.begin_array();
  for (const BundleAgreement& agreement : agreements) {
    for (const Cell& cell : agreement.cells) write_cell(json, cell);
  }
  json.end_array();
  json.key("families");
  write_families(json, by_family(agreements));
  json.end_object();
  return json.take() + "\n";
}

}  // namespace cotenant
