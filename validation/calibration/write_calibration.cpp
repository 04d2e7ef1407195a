// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/write_calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/table.h"
#include "validation/calibration/class_latencies.h"

namespace cotenant {
namespace {

std::string lines(const Table& table) {
  std::string text;
  for (const std::string& line : table_lines(table, Ink(false))) text += line + "\n";
  return text;
}

constexpr std::array kShown = {
    std::pair{Compared::latency_mean, "mean"}, std::pair{Compared::latency_p50, "p50"},
    std::pair{Compared::latency_p95, "p95"}, std::pair{Compared::latency_p99, "p99"}};

std::string error_of(const BundleAgreement& agreement, Compared metric) {
  const auto found = std::find_if(agreement.cells.begin(), agreement.cells.end(),
                                  [&](const Cell& cell) { return cell.metric == metric; });
  if (found == agreement.cells.end() || !found->relative_error) return "–";
  return fmt::format("{:+.1f}", *found->relative_error * 100);
}

// Each recording beside the fit; in brackets what the presets say.
std::string runs_table(const OverheadFit& fit) {
  Table table{{{"recording", "", Align::left, {}}, {"hour", "", Align::right, {}}}, {}};
  for (const auto& [metric, heading] : kShown) {
    table.columns.push_back({heading, "%", Align::right, {}});
  }
  for (const FittedRun& run : fit.runs) {
    table.columns[0].cells.push_back(printable(run.name));
    table.columns[1].cells.push_back("× " + significant(run.overhead_factor));
    for (std::size_t m = 0; m < kShown.size(); ++m) {
      table.columns[2 + m].cells.push_back(fmt::format(
          "{} ({})", error_of(run.after, kShown[m].first), error_of(run.before, kShown[m].first)));
    }
  }
  return "CPU of " + printable(fit.preset) + ", " + std::to_string(fit.evaluations) +
         " evaluations" + (fit.converged ? "" : ", not converged") +
         ": error of the fit, and of the preset in brackets\n" + lines(table);
}

std::string checks_text(const DemandFit& fit) {
  std::string text;
  for (const CaptureCheck& check : fit.checks) {
    if (check.result == CheckResult::passed) continue;
    text += (check.result == CheckResult::failed ? "failed: " : "doubtful: ") +
            printable(check.sentence) + "\n";
  }
  return text;
}

// Percentiles of each class: captured, and the error of the fit.
std::string demands_table(const DemandFit& fit) {
  Table table{{{"class", "", Align::left, {}}}, {}};
  for (const double p : kComparedPercentiles) {
    table.columns.push_back({fmt::format("p{:.0f}", p * 100), "", Align::right, {}});
    table.columns.push_back({"error", "%", Align::right, {}});
  }
  for (std::size_t i = 0; i < fit.quantiles.size(); ++i) {
    const FittedQuantile& cell = fit.quantiles[i];
    const std::size_t at = i % kComparedPercentiles.size();
    if (at == 0) table.columns[0].cells.push_back(printable(cell.class_name));
    table.columns[1 + 2 * at].cells.push_back(short_time(cell.captured));
    table.columns[2 + 2 * at].cells.push_back(
        fmt::format("{:+.1f}", (cell.simulated / cell.captured - 1) * 100));
  }
  return lines(table);
}

std::string demands_text(const DemandFit& fit) {
  std::string text = printable(fit.capture) + ": requests as captured, and the error of the fit" +
                     (fit.converged || !fit.refused.empty() ? "" : " (not converged)") + "\n";
  text += checks_text(fit);
  if (!fit.quantiles.empty()) {
    text += demands_table(fit);
    text += fmt::format("CPU of its requests: {} cores captured, {} simulated\n",
                        significant(fit.captured_cpu), significant(fit.simulated_cpu));
  }
  if (!fit.refused.empty()) text += "Not calibrated: " + printable(fit.refused) + ".\n";
  for (const std::string& remark : fit.regression.remarks) text += printable(remark) + "\n";
  for (const std::string& remark : fit.remarks) text += printable(remark) + "\n";
  return text;
}

std::string arrivals_text(const CapturedArrivals& arrivals) {
  if (arrivals.json.empty()) return {};
  std::string text =
      "Its requests, as a scenario says them: \"arrivals\": " + printable(arrivals.json) + "\n";
  for (const std::string& remark : arrivals.fit.remarks) text += printable(remark) + "\n";
  return text;
}

std::string parameters_table(const ParameterSet& set) {
  Table table{{{"parameter", "", Align::left, {}},
               {"of", "", Align::left, {}},
               {"value", "", Align::right, {}},
               {"9 in 10", "", Align::right, {}},
               {"", "", Align::left, {}}},
              {}};
  for (const Parameter& parameter : set.parameters) {
    const bool is_time = parameter_kind(parameter.kind)->unit == "s";
    const auto shown = [&](double value) {
      return is_time ? short_time(value) : significant(value);
    };
    table.columns[0].cells.push_back(parameter.kind);
    table.columns[1].cells.push_back(printable(parameter.of));
    table.columns[2].cells.push_back((is_time ? "" : "× ") + shown(parameter.value));
    table.columns[3].cells.push_back(shown(parameter.low) + " to " + shown(parameter.high));
    table.columns[4].cells.push_back(parameter.identified ? "" : "not identified");
  }
  return lines(table);
}

std::string unidentified(const ParameterSet& set) {
  std::string text;
  for (const Parameter& parameter : set.parameters) {
    if (parameter.identified) continue;
    text += name_of(parameter) + ": " + parameter.remark + ".\n";
  }
  return text.empty() ? "" : "\nNot known from these recordings\n" + text;
}

}  // namespace

std::string calibration_text(const Calibration& calibration) {
  std::string text;
  for (const OverheadFit& fit : calibration.overheads) text += runs_table(fit) + "\n";
  for (const DemandFit& fit : calibration.demands) {
    text += demands_text(fit);
    for (const CapturedArrivals& arrivals : calibration.arrivals) {
      if (arrivals.capture == fit.capture) text += arrivals_text(arrivals);
    }
    text += "\n";
  }
  if (!calibration.parameters.parameters.empty()) {
    text += parameters_table(calibration.parameters);
    text += fmt::format(
        "\nWhat no parameter explains: {:.1f} % (standard deviation) of a percentile of latency.\n",
        calibration.parameters.discrepancy * 100);
    text += unidentified(calibration.parameters);
  }
  for (const std::string& remark : calibration.remarks) text += printable(remark) + "\n";
  return text;
}

}  // namespace cotenant
