// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/fit_demands.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "scenarios/apply_parameters.h"
#include "scenarios/document.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/parameters.h"
#include "sim/random/math.h"
#include "validation/calibration/class_latencies.h"
#include "validation/calibration/collinearity.h"
#include "validation/calibration/demand_distribution.h"
#include "validation/calibration/least_squares.h"
#include "validation/calibration/overhead_level.h"

namespace cotenant {
namespace {

double ln(double x) { return math::log(x); }

// Beliefs about what closed formulas say, as standard deviations of logarithms.
constexpr double kWaitBelief = 0.3;
constexpr double kSpreadBelief = 0.5;
constexpr double kRecordedSpreadBelief = 0.1;  // of some hundred requests or more
constexpr double kLeastCpuBelief = 0.02;
// The sum of what requests cost is known from counters to about a percent.
constexpr double kCpuDeviation = 0.01;
// How much cheaper a server gets under load depends on more than its preset knows.
constexpr double kShapeDeviation = 0.1;

// How far off the median class may be after a fit (calibration-and-statistics.md 1.3, step 7).
constexpr std::array<std::pair<double, double>, 3> kGates = {
    {{0.5, 0.10}, {0.95, 0.15}, {0.99, 0.25}}};

// What is below is no wait but the kernel's and the server's own doing.
constexpr double kLeastWait = 0.3e-3;    // seconds
constexpr double kLeastWaitPart = 0.05;  // of the response

// Below, it is doubtful whether a class waits at all; and by how much the loss must fall for each
// two numbers more to be believed (Bayesian information criterion, 2 ln n of some hundred).
constexpr double kPlainWaitPart = 0.5;
constexpr double kPriceOfDoubt = 10;

// Fitted numbers of one class, in the order of BelievedDemand.
constexpr std::array<const char*, 4> kKinds = {"demand_cpu", "demand_cpu_cv", "demand_wait",
                                               "demand_wait_cv"};
double& part_of(BelievedDemand& demand, std::size_t kind) {
  return kind == 0   ? demand.cpu
         : kind == 1 ? demand.cpu_cv
         : kind == 2 ? demand.wait
                     : demand.wait_cv;
}

struct Moments {
  double mean = 0, cv = 0;
};
Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) moments.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - moments.mean) * (value - moments.mean) / n;
  if (moments.mean > 0) moments.cv = std::sqrt(squares) / moments.mean;
  return moments;
}

// CPU of the server itself for a request on a new connection, back to back.
double overhead_of(const Scenario& scenario) {
  double sum = 0;
  std::visit(
      [&](const auto& server) {
        if constexpr (requires { server.overhead.preset; }) {
          const OverheadSpec& preset = overhead_preset(server.overhead.preset)->overhead;
          for_each_phase(server.overhead, [&](ServerPhase phase, const auto& cost) {
            if (phase == ServerPhase::spurious_wake || phase == ServerPhase::keep ||
                phase == ServerPhase::reuse || phase == ServerPhase::call) {
              return;
            }
            sum += in_seconds(cost ? cost->hot : preset[phase].hot);
          });
        }
      },
      scenario.application.front().second.server);
  return sum;
}

class DemandFitter {
 public:
  DemandFitter(const Capture& capture, const std::filesystem::path& folder,
               const ParameterSet& overheads, const CalibrationOptions& options)
      : capture_(capture), folder_(folder), overheads_(overheads), options_(options) {}

  // False when it was stopped.
  bool fit(DemandFit& result) {
    result.capture = capture_.name;
    if (!can_be_fitted(result)) return true;
    if (std::string others = what_is_left_out(capture_); !others.empty()) {
      result.remarks.push_back(std::move(others));
    }
    captured_ = captured_latencies(capture_);
    believe(result);
    if (!problems.empty()) return true;
    resamples_ = resampled_latencies(capture_, options_.seed, options_.members);
    set_noise();
    set_level();
    if (options_.stopped()) return false;
    if (!problems.empty()) return true;
    if (options_.progress) options_.progress("what requests of " + capture_.name + " need");
    LeastSquaresFit best = search(believed_without_doubt_);
    if (doubts_ > 0 && !options_.stopped() && problems.empty()) {
      const Hypothesis simple = hypothesis_;
      const LeastSquaresFit with_waits = search(believed_with_all_waits_);
      if (with_waits.cost + kPriceOfDoubt * doubts_ < best.cost) {
        best = with_waits;
      } else {
        hypothesis_ = simple;
      }
    }
    if (options_.stopped()) return false;
    if (!problems.empty()) return true;
    result.converged = best.converged;
    return write(result, best);
  }

  Diagnostics problems;

 private:
  LeastSquaresFit search(const std::vector<BelievedDemand>& believed) {
    hypothesis_ = free_of(believed);
    const ResidualBatch batch = [this](const std::vector<ParameterPoint>& points) {
      std::vector<std::vector<double>> all;
      for (const ParameterPoint& point : points) all.push_back(residuals(point));
      return all;
    };
    LeastSquaresOptions options;
    options.starts = 1;  // closed formulas are near; what is far from them is another model
    options.most_iterations = 8;
    options.tolerance = 1e-3;
    return least_squares(batch, hypothesis_.free, options);
  }

  // --- What is known before

  bool can_be_fitted(DemandFit& result) {
    result.refused = why_no_scenario(capture_);
    if (!result.refused.empty()) return false;
    result.checks = check_capture(capture_, capture_.server.group);
    for (const CaptureCheck& check : result.checks) {
      if (check.result == CheckResult::failed) result.refused = without_stop(check.sentence);
    }
    if (!result.refused.empty()) return false;
    const GroupSeries& group = *find_group(capture_, capture_.server.group);
    result.regression = demand_regression(
        usage_windows(capture_, group, Resource::cpu, window_length(capture_, group)));
    result.refused = without_stop(result.regression.refused);
    return result.refused.empty();
  }

  // As a clause: whoever shows it ends the sentence.
  static std::string without_stop(std::string sentence) {
    if (sentence.ends_with('.')) sentence.pop_back();
    return sentence;
  }

  // The regression's mean for a class, and its relative deviation.
  struct Cpu {
    double mean = 0, deviation = 0;
    bool told_apart = true;
  };
  Cpu cpu_of(const DemandRegression& regression, std::size_t c) const {
    for (const MeanDemand& demand : regression.demands) {
      if (std::find(demand.classes.begin(), demand.classes.end(), c) == demand.classes.end()) {
        continue;
      }
      const double width = demand.interval.high - demand.interval.low;
      const double deviation = demand.mean > 0 ? width / (2 * 1.645) / demand.mean : 1;
      return {demand.mean, deviation, demand.classes.size() == 1};
    }
    return {};
  }

  void believe(DemandFit& result) {
    const auto bare = scenario_of(capture_, std::vector<BelievedDemand>(capture_.classes.size()));
    if (!bare) {
      problems.add(bare.diagnostics());
      return;
    }
    set_background(result.regression.background);
    const double overhead =
        overhead_of(with_parameters(*bare, overheads_, overheads_.values()).scenario);
    for (std::size_t c = 0; c < capture_.classes.size(); ++c) {
      Cpu cpu = cpu_of(result.regression, c);
      cpu.mean *= correction_;
      cpu_.push_back(cpu);
      believe(c, cpu.mean, overhead, result.remarks);
    }
  }

  // What the group used while it had no request is known better than what a regression makes of
  // windows that all have some; the demands then get what that took away from them, or too little.
  void set_background(const MeanDemand& regressed) {
    background_ = regressed.mean;
    background_deviation_ = (regressed.interval.high - regressed.interval.low) / (2 * 1.645);
    const GroupSeries& group = *find_group(capture_, capture_.server.group);
    std::optional<double> idle = usage_without_requests(capture_, group);
    // A server without requests sleeps. Where the log says what they used, the rest of the counters
    // is taken for what they cost the server, and never for that.
    const bool is_accounted = unaccounted_cpu(capture_, captured_.cpu).has_value();
    if (!idle && (is_accounted || !(regressed.interval.low > 0))) idle = 0;
    if (!idle || captured_.cpu <= 0) return;
    const double length = in_seconds(capture_.duration());
    correction_ = std::max(captured_.cpu - *idle * length, 0.0) /
                  std::max(captured_.cpu - background_ * length, 1e-9);
    background_ = *idle;
    background_deviation_ = 0;
  }

  // Of a class: what it is believed to need, and where it is doubtful whether it waits for anything
  // (a request that met nobody may still have been joined by others), what if it does not.
  void believe(std::size_t c, double cpu, double overhead, std::vector<std::string>& remarks) {
    const DemandSample idle = idle_responses(capture_, c);
    if (idle.values.size() < kLeastRequests) {
      remarks.push_back(fmt::format(
          "only {} requests of \"{}\" met nobody in the system: what it waits for is told from "
          "those that queued, which confounds the two; a capture at lower load would tell",
          idle.values.size(), capture_.classes[c]));
    }
    const std::vector<double> recorded = recorded_cpu(capture_, c).values;
    const Moments of_cpu = moments_of(recorded);
    const Moments response = moments_of(idle.values);
    const bool is_recorded = recorded.size() >= kLeastRequests;
    recorded_.push_back(is_recorded);
    const double own = is_recorded ? of_cpu.mean : std::max(cpu - overhead, 0.05 * cpu);
    const double wait = response.mean - cpu;
    const BelievedDemand computes = computing(own, of_cpu, response);
    if (wait <= std::max(kLeastWait, kLeastWaitPart * response.mean)) {
      believed_without_doubt_.push_back(computes);
      believed_with_all_waits_.push_back(computes);
      return;
    }
    const bool is_doubtful = wait < kPlainWaitPart * response.mean;
    if (is_doubtful) ++doubts_;
    const BelievedDemand waits = waiting(own, wait, of_cpu, response);
    believed_without_doubt_.push_back(is_doubtful ? computes : waits);
    believed_with_all_waits_.push_back(waits);
  }

  // Where the log says what the application used, the rest of what was counted is the server's own.
  // The counters know the sum to about a percent, and a preset does not know every server's shape.
  void set_level() {
    const auto bare = scenario_of(capture_, believed_with_all_waits_);
    if (!bare) return problems.add(bare.diagnostics());
    OverheadLevel level;
    level.preset = overhead_preset_of(bare->application.front().second);
    const auto own = unaccounted_cpu(capture_, captured_cpu());
    if (level.preset.empty() || !own || is_fitted(level.preset)) return;
    const auto factor = overhead_factor(*own, [&](double at) -> std::optional<double> {
      level.factor = at;
      level_.parameters = level.parameters();
      const auto simulated = simulate(believed_with_all_waits_);
      return simulated ? std::optional(simulated->mean.cpu) : std::nullopt;
    });
    level_.parameters.clear();
    if (!factor) return;
    const double of_counters = cpu_deviation() * captured_cpu() / *own;
    level.factor = *factor;
    level.deviation =
        std::min(std::sqrt(of_counters * of_counters + kShapeDeviation * kShapeDeviation), 1.0);
    level_.parameters = level.parameters();
    for (Parameter& parameter : level_.parameters) {
      parameter.ensemble = level.ensemble(capture_, options_.seed, options_.members);
    }
  }

  bool is_fitted(const std::string& preset) const {
    return std::any_of(overheads_.parameters.begin(), overheads_.parameters.end(),
                       [&](const Parameter& parameter) { return parameter.of == preset; });
  }

  static double spread(double deviation, double mean) {
    return mean > 0 ? std::clamp(deviation / mean, 0.0, 5.0) : 0;
  }

  // All that varies is its CPU.
  static BelievedDemand computing(double cpu, const Moments& recorded, const Moments& response) {
    const double cv = recorded.mean > 0 ? recorded.cv : spread(response.cv * response.mean, cpu);
    return {cpu, std::clamp(cv, 0.0, 5.0), 0, 0};
  }

  // What varies beyond its recorded CPU is the wait. Two steps share the CPU, each with its spread,
  // so that of the sum is less.
  static BelievedDemand waiting(double cpu, double wait, const Moments& recorded,
                                const Moments& response) {
    const double all = response.cv * response.mean;
    const double of_cpu = recorded.cv * recorded.mean;
    const double of_wait = std::sqrt(std::max(all * all - of_cpu * of_cpu, 0.0));
    return {cpu, std::clamp(recorded.cv * std::sqrt(2.0), 0.0, 5.0), wait, spread(of_wait, wait)};
  }

  // --- What is free

  struct Place {
    std::size_t class_index, kind;
  };

  // What is believed, and what of it is free: parameters and whose they are.
  struct Hypothesis {
    std::vector<BelievedDemand> believed;
    std::vector<FreeParameter> free;
    std::vector<Place> places;
  };

  Hypothesis free_of(const std::vector<BelievedDemand>& believed) const {
    Hypothesis hypothesis{believed, {}, {}};
    for (std::size_t c = 0; c < believed.size(); ++c) {
      if (captured_.classes[c][0] <= 0) continue;
      for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        const double value = part_of(hypothesis.believed[c], kind);
        if (!(value > 0.02 && kind % 2 == 1) && !(value > 0 && kind % 2 == 0)) continue;
        const double belief = kind == 0
                                  ? std::max(recorded_[c] ? 0 : cpu_[c].deviation, kLeastCpuBelief)
                              : kind == 1 && recorded_[c] ? kRecordedSpreadBelief
                              : kind == 2                 ? kWaitBelief
                                                          : kSpreadBelief;
        FreeParameter parameter;
        parameter.name = std::string(kKinds[kind]) + " of " + capture_.classes[c];
        parameter.start = parameter.prior = ln(value);
        parameter.prior_deviation = belief;
        parameter.low = parameter.start - 3 * std::max(belief, 0.2);
        parameter.high = parameter.start + 3 * std::max(belief, 0.2);
        hypothesis.free.push_back(parameter);
        hypothesis.places.push_back({c, kind});
      }
    }
    return hypothesis;
  }

  std::vector<BelievedDemand> demands_at(const ParameterPoint& point) const {
    std::vector<BelievedDemand> demands = hypothesis_.believed;
    for (std::size_t i = 0; i < hypothesis_.places.size(); ++i) {
      part_of(demands[hypothesis_.places[i].class_index], hypothesis_.places[i].kind) =
          math::exp(point[i]);
    }
    return demands;
  }

  // --- The simulated application beside the captured one

  std::optional<SimulatedLatencies> simulate(const std::vector<BelievedDemand>& demands) {
    auto scenario = scenario_of(capture_, demands);
    if (!scenario) {
      problems.add(scenario.diagnostics());
      return std::nullopt;
    }
    Scenario fitted = with_parameters(*scenario, overheads_, overheads_.values()).scenario;
    fitted = with_parameters(std::move(fitted), level_, level_.values()).scenario;
    auto found = simulated_latencies(fitted, folder_, capture_.classes.size(), options_);
    if (!found.ok()) problems.add(found.diagnostics());
    return found.ok() ? std::move(found).value() : std::nullopt;
  }

  double captured_cpu() const {
    return std::max(captured_.cpu - background_ * in_seconds(capture_.duration()), 1e-9);
  }

  // What of the counters is not of requests is not known exactly, either.
  double cpu_deviation() const {
    const double unknown = background_deviation_ * in_seconds(capture_.duration()) / captured_cpu();
    return std::sqrt(kCpuDeviation * kCpuDeviation + unknown * unknown);
  }

  std::vector<double> residuals(const ParameterPoint& point) {
    const auto simulated = simulate(demands_at(point));
    if (!simulated) return {};
    std::vector<double> all = {ln(std::max(simulated->mean.cpu, 1e-9) / captured_cpu()) /
                               cpu_deviation()};
    for_each_cell([&](std::size_t c, std::size_t i) {
      const double value = std::max(simulated->mean.classes[c][i], 1e-9);
      all.push_back(ln(value / captured_.classes[c][i]) /
                    deviation(c, i, simulated->phase_variance[c][i]));
    });
    return all;
  }

  template <class Visit>
  void for_each_cell(Visit visit) const {
    for (std::size_t c = 0; c < captured_.classes.size(); ++c) {
      if (captured_.classes[c][0] <= 0) continue;
      for (std::size_t i = 0; i < kComparedPercentiles.size(); ++i) visit(c, i);
    }
  }

  // Latencies are known to the resolution of the log, and no better.
  double deviation(std::size_t c, std::size_t i, double phase_variance) const {
    const double grain = in_seconds(capture_.resolution) / 2 / captured_.classes[c][i];
    return std::sqrt(noise_[c][i] * noise_[c][i] + phase_variance + grain * grain +
                     kLeastDiscrepancy * kLeastDiscrepancy);
  }

  void set_noise() {
    noise_.resize(captured_.classes.size());
    for_each_cell([&](std::size_t c, std::size_t i) {
      std::vector<double> values;
      for (const ClassLatencies& resample : resamples_) {
        if (resample.classes[c][i] > 0) values.push_back(resample.classes[c][i]);
      }
      noise_[c][i] = moments_of(values).cv;
    });
  }

  // --- What comes out

  bool write(DemandFit& result, const LeastSquaresFit& best) {
    const auto simulated = simulate(demands_at(best.theta));
    if (!simulated) return problems.empty() ? false : true;
    const double length = in_seconds(capture_.duration());
    result.captured_cpu = captured_cpu() / length;
    result.simulated_cpu = simulated->mean.cpu / length;
    double squares = 0;
    for_each_cell([&](std::size_t c, std::size_t i) {
      const FittedQuantile cell{capture_.classes[c], kComparedPercentiles[i],
                                captured_.classes[c][i], simulated->mean.classes[c][i],
                                noise_[c][i]};
      const double error = ln(std::max(cell.simulated, 1e-9) / cell.captured);
      squares += std::max(error * error - cell.noise * cell.noise, 0.0);
      result.quantiles.push_back(cell);
    });
    if (!result.quantiles.empty()) {
      result.discrepancy = squares / static_cast<double>(result.quantiles.size());
    }
    result.refused = why_rejected(result.quantiles);
    if (result.refused.empty()) write_parameters(result, best);
    return true;
  }

  // A fit that does not describe what it was fitted to is of another model: something that is not
  // in the capture holds requests back.
  static std::string why_rejected(const std::vector<FittedQuantile>& quantiles) {
    for (const auto& [p, most] : kGates) {
      std::vector<double> errors;
      for (const FittedQuantile& cell : quantiles) {
        if (cell.p != p) continue;
        const double error = std::fabs(cell.simulated / cell.captured - 1);
        errors.push_back(std::max(error - 2 * cell.noise, 0.0));
      }
      if (errors.empty()) continue;
      std::sort(errors.begin(), errors.end());
      const double median = errors[errors.size() / 2];
      if (median <= most) continue;
      return fmt::format(
          "no demands make the simulated application answer like the captured one: its p{:.0f} is "
          "off by {:.0f} % beyond what is noise, and at most {:.0f} % would do. Something holds "
          "requests back that the capture does not state: a CPU quota, fewer workers, a service "
          "behind it, another tenant",
          p * 100, median * 100, most * 100);
    }
    return {};
  }

  void write_parameters(DemandFit& result, const LeastSquaresFit& best) const {
    for (std::size_t i = 0; i < hypothesis_.free.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      const double sd = std::sqrt(std::max(best.covariance(at, at), 0.0));
      Parameter parameter;
      parameter.kind = kKinds[hypothesis_.places[i].kind];
      parameter.of = scenario_name(capture_.classes[hypothesis_.places[i].class_index]);
      parameter.value = math::exp(best.theta[i]);
      parameter.low = math::exp(best.theta[i] - 1.645 * sd);
      parameter.high = math::exp(best.theta[i] + 1.645 * sd);
      parameter.origin = "fitted";
      for (Eigen::Index k = 0; k < best.covariance.cols(); ++k) {
        parameter.covariance.push_back(best.covariance(at, k));
      }
      judge(parameter, i, sd);
      result.parameters.push_back(parameter);
    }
    add_ensemble(result, best);
    append(result.parameters, level_.parameters);
    if (best.jacobian.cols() > 1) add_collinearity(result, best);
  }

  // The captures say something where what was believed before has become much narrower; a mean of
  // CPU is the counters' word.
  void judge(Parameter& parameter, std::size_t i, double sd) const {
    const Place& place = hypothesis_.places[i];
    if (place.kind == 0) {
      if (cpu_[place.class_index].told_apart || recorded_[place.class_index]) return;
      parameter.identified = false;
      parameter.remark =
          "its requests rise and fall with those of another class in every window, so the counters "
          "tell the sum of both only: a capture with another mix, or the CPU time of single "
          "requests in the log, would tell";
      return;
    }
    if (place.kind == 1 && recorded_[place.class_index]) return;  // the log's word
    if (sd < 0.7 * hypothesis_.free[i].prior_deviation) return;
    parameter.identified = false;
    parameter.remark =
        place.kind == 2 ? "latencies hardly depend on it here: a capture at lower load would tell"
                        : "latencies hardly depend on it here: the CPU time of single requests "
                          "in the log would tell";
  }

  // One step of Gauss and Newton for each resample, as in fit_overheads.cpp.
  void add_ensemble(DemandFit& result, const LeastSquaresFit& best) const {
    const Eigen::MatrixXd gain = best.covariance * best.jacobian.transpose();
    for (const ClassLatencies& resample : resamples_) {
      Eigen::VectorXd change = Eigen::VectorXd::Zero(best.jacobian.rows());
      Eigen::Index row = 1;  // the first is CPU
      for_each_cell([&](std::size_t c, std::size_t i) {
        if (resample.classes[c][i] > 0) {
          change[row] = ln(captured_.classes[c][i] / resample.classes[c][i]) / deviation(c, i, 0);
        }
        ++row;
      });
      const Eigen::VectorXd step = gain * change;
      for (std::size_t i = 0; i < result.parameters.size(); ++i) {
        result.parameters[i].ensemble.push_back(
            math::exp(best.theta[i] - step[static_cast<Eigen::Index>(i)]));
      }
    }
  }

  void add_collinearity(DemandFit& result, const LeastSquaresFit& best) const {
    const Collinearity found = collinearity(best.jacobian);
    if (found.index < kPoorCollinearityIndex) return;
    std::vector<std::string> names;
    for (const FreeParameter& parameter : hypothesis_.free) names.push_back(parameter.name);
    result.remarks.push_back(collinear_parameters_in_words(found, names, best.jacobian));
  }

  const Capture& capture_;
  const std::filesystem::path& folder_;
  const ParameterSet& overheads_;
  const CalibrationOptions& options_;
  std::vector<Cpu> cpu_;
  std::vector<bool> recorded_;  // by class: the CPU of single requests is in the log
  double correction_ = 1;       // of the regression's demands, for the background
  std::vector<BelievedDemand> believed_without_doubt_, believed_with_all_waits_;
  int doubts_ = 0;                                    // classes in which the two differ
  double background_ = 0, background_deviation_ = 0;  // CPU seconds per second
  ClassLatencies captured_;
  ParameterSet level_;  // of the server itself, if anything tells it
  std::vector<ClassLatencies> resamples_;
  std::vector<Percentiles> noise_;
  Hypothesis hypothesis_;  // that is fitted
};

}  // namespace

std::string scenario_name(const std::string& class_name) {
  std::string name;
  for (const char c : class_name) name += c == '/' || c == '.' ? ' ' : c;
  const std::size_t first = name.find_first_not_of(' ');
  if (first == std::string::npos) return "root";
  return name.substr(first, name.find_last_not_of(' ') + 1 - first);
}

Checked<std::optional<DemandFit>> fit_demands(const Capture& capture,
                                              const std::filesystem::path& folder,
                                              const ParameterSet& overheads,
                                              const CalibrationOptions& options) {
  DemandFitter fitter(capture, folder, overheads, options);
  DemandFit fit;
  const bool done = fitter.fit(fit);
  if (!fitter.problems.empty()) return fitter.problems;
  if (!done) return std::optional<DemandFit>();
  return std::optional(std::move(fit));
}

}  // namespace cotenant
