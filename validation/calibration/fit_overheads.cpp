// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/fit_overheads.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "sim/random/math.h"
#include "sim/random/sampler.h"
#include "validation/agreement/noise_floor.h"
#include "validation/agreement/simulate.h"
#include "validation/calibration/bootstrap.h"
#include "validation/calibration/least_squares.h"
#include "validation/calibration/profile_likelihood.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

// Free in the fit, as logarithms: the phases before the reply relative to those after it, and the
// excess of cold code. The level of both is the hour's, which the counters give.
constexpr std::size_t kReply = 0, kCold = 1, kFree = 2;

constexpr std::array kFitted = {Compared::latency_mean, Compared::latency_p50,
                                Compared::latency_p90, Compared::latency_p95,
                                Compared::latency_p99};

// An idle virtual CPU wakes up 60 to 190 us late, by how long it was idle (feasibility.md 4): below
// a millisecond that is all there is to see.
constexpr double kWakeJitter = 50e-6;
constexpr double kWorthTelling = 1e-3;  // seconds: shorter latencies are mostly that jitter

// The same code needed 0.86 to 2.35 times its CPU in other hours of the recorded machine
// (feasibility.md 1): as the standard deviation of a logarithm, and how many hours that belief
// counts for beside those that were recorded.
constexpr double kHourDeviation = 0.25;
constexpr double kHourWeight = 3;

double ln(double x) { return math::log(x); }

Parameter parameter(const char* kind, const std::string& preset) {
  Parameter result;
  result.kind = kind;
  result.of = preset;
  result.origin = "fitted";
  return result;
}

class OverheadFitter {
 public:
  OverheadFitter(const std::vector<const Bundle*>& bundles, const CalibrationOptions& options)
      : bundles_(bundles), options_(options), preset_(preset_of(*bundles.front())) {
    for (const char* kind : {"overhead_reply", "overhead_after", "overhead_cold"}) {
      set_.parameters.push_back(parameter(kind, preset_));
    }
    for (const Bundle* bundle : bundles_) {
      measured_.push_back(statistics_of_recording(*bundle));
      noise_.push_back(noise_floor(*bundle, options_.seed));
    }
  }

  std::optional<OverheadFit> fit() {
    tell("how " + preset_ + " divides its CPU");
    const ResidualBatch batch = [this](const std::vector<ParameterPoint>& points) {
      std::vector<std::vector<double>> all;
      for (const ParameterPoint& point : points) all.push_back(residuals(point));
      return all;
    };
    LeastSquaresFit best = least_squares(batch, free_parameters(), fit_options());
    if (stopped_or_broken()) return std::nullopt;
    tell("what the recordings of " + preset_ + " do not tell");
    const auto profiles = profile_likelihood(batch, free_parameters(), profile_options(), best);
    if (stopped_or_broken()) return std::nullopt;
    best.theta = descend(batch, only_identified(best, profiles), profile_options()).theta;
    if (stopped_or_broken()) return std::nullopt;

    OverheadFit fit;
    fit.preset = preset_;
    fit.evaluations = evaluations_;
    fit.converged = best.converged;
    const std::vector<double> hours = simulate_at(best.theta);
    if (stopped_or_broken()) return std::nullopt;
    set_parameters(fit, best, profiles, hours);
    set_runs(fit);
    if (stopped_or_broken()) return std::nullopt;
    set_discrepancy(fit);
    return fit;
  }

  Diagnostics problems;

 private:
  void tell(const std::string& what) const {
    if (options_.progress) options_.progress(what);
  }
  bool stopped_or_broken() const { return options_.stopped() || !problems.empty(); }

  static std::vector<FreeParameter> free_parameters() {
    // A factor between 1/3 and 3, and most likely near 1: presets were measured, too.
    FreeParameter reply{"reply", 0, -1.1, 1.1, 0, 0.5};
    FreeParameter cold{"cold", 0, -1.1, 1.1, 0, 0.5};
    return {reply, cold};
  }
  // What recordings do not tell stays as the preset has it; how uncertain it is was found before.
  static std::vector<FreeParameter> only_identified(const LeastSquaresFit& best,
                                                    const std::vector<ProfileInterval>& profiles) {
    std::vector<FreeParameter> parameters = free_parameters();
    for (std::size_t i = 0; i < kFree; ++i) {
      if (profiles[i].identified()) {
        parameters[i].start = best.theta[i];
      } else {
        parameters[i].low = parameters[i].high = parameters[i].start;
      }
    }
    return parameters;
  }
  static LeastSquaresOptions fit_options() {
    LeastSquaresOptions options;
    options.starts = 2;  // two parameters, one hill
    options.most_iterations = 8;
    options.most_simplex_steps = 20;
    options.tolerance = 1e-3;
    return options;
  }
  static LeastSquaresOptions profile_options() {
    LeastSquaresOptions options = fit_options();
    options.starts = 1;
    options.most_iterations = 4;
    return options;
  }

  static std::vector<double> values_at(const ParameterPoint& point) {
    return {math::exp(point[kReply]), 1, math::exp(point[kCold])};
  }

  std::optional<Simulation> simulate_one(std::size_t b, std::vector<double> values) {
    SimulationOptions options;
    options.overhead = OverheadSource::measured;
    options.phases = options_.phases;
    options.seed = options_.seed;
    options.jobs = options_.jobs;
    options.stop = options_.stop;
    options.parameters = &set_;
    options.values = std::move(values);
    options.latencies_only = true;
    options.cost_tolerance = 1e-3;  // changes no latency by more than it is uncertain
    auto simulation = simulate(*bundles_[b], options);
    if (!simulation.ok()) problems.add(simulation.diagnostics());
    return simulation.ok() ? std::move(simulation).value() : std::nullopt;
  }

  // Simulated beside recorded, as a logarithm; and the phases' share of its variance.
  struct Deviation {
    double log_ratio = 0, phase_variance = 0;
  };
  static Deviation deviation(const Simulation& simulation, const Statistics& measured,
                             Compared metric) {
    const auto m = static_cast<std::size_t>(metric);
    double sum = 0, squares = 0;
    const auto n = static_cast<double>(simulation.phases.size());
    for (const Statistics& phase : simulation.phases) {
      sum += phase[m];
      squares += phase[m] * phase[m];
    }
    const double mean = sum / n;
    if (!(mean > 0) || !(measured[m] > 0)) return {};
    const double variance = std::max(squares / n - mean * mean, 0.0) / (mean * mean);
    return {ln(mean / measured[m]), variance};
  }

  double standard_deviation(std::size_t b, Compared metric, double phase_variance) const {
    const auto m = static_cast<std::size_t>(metric);
    const double jitter = kWakeJitter / measured_[b][m];
    // What was recorded is one run with one phase, the prediction a mean over some.
    const double phases = phase_variance * (1 + 1 / static_cast<double>(options_.phases));
    return std::sqrt(noise_[b][m] * noise_[b][m] + phases + jitter * jitter +
                     kLeastDiscrepancy * kLeastDiscrepancy);
  }

  // None when it was stopped.
  std::vector<double> residuals(const ParameterPoint& point) {
    ++evaluations_;
    std::vector<double> all;
    for (std::size_t b = 0; b < bundles_.size(); ++b) {
      const std::optional<Simulation> simulation = simulate_one(b, values_at(point));
      if (!simulation) return {};
      for (const Compared metric : kFitted) {
        const Deviation found = deviation(*simulation, measured_[b], metric);
        all.push_back(found.log_ratio / standard_deviation(b, metric, found.phase_variance));
      }
    }
    return all;
  }

  // The factors of the hours; keeps what was simulated.
  std::vector<double> simulate_at(const ParameterPoint& point) {
    std::vector<double> hours;
    fitted_.clear();
    for (std::size_t b = 0; b < bundles_.size(); ++b) {
      std::optional<Simulation> simulation = simulate_one(b, values_at(point));
      if (!simulation) return {};
      hours.push_back(std::max(simulation->overhead_factor, 0.01));
      fitted_.push_back(std::move(*simulation));
    }
    return hours;
  }

  struct Level {
    double mean = 0, deviation = 0;  // of the logarithm, in another hour
  };
  static Level level_of(const std::vector<double>& hours) {
    Level level;
    for (const double hour : hours) level.mean += ln(hour) / static_cast<double>(hours.size());
    double squares = kHourWeight * kHourDeviation * kHourDeviation;
    for (const double hour : hours) {
      squares += (ln(hour) - level.mean) * (ln(hour) - level.mean);
    }
    level.deviation = std::sqrt(squares / (kHourWeight + static_cast<double>(hours.size()) - 1));
    return level;
  }

  // Logarithms of reply, after and cold of one fit.
  static std::array<double, 3> logarithms(double reply, double cold, double level) {
    return {reply + level, level, cold};
  }

  void set_parameters(OverheadFit& fit, const LeastSquaresFit& best,
                      const std::vector<ProfileInterval>& profiles,
                      const std::vector<double>& hours) {
    fit.parameters = set_.parameters;
    const Level level = level_of(hours);
    const auto center = logarithms(best.theta[kReply], best.theta[kCold], level.mean);
    const double of_level = level.deviation * level.deviation;
    const double covariance[3][3] = {
        {best.covariance(0, 0) + of_level, of_level, best.covariance(0, 1)},
        {of_level, of_level, 0},
        {best.covariance(1, 0), 0, best.covariance(1, 1)}};
    for (std::size_t i = 0; i < 3; ++i) {
      Parameter& parameter = fit.parameters[i];
      const double half = 1.645 * std::sqrt(std::max(covariance[i][i], 0.0));  // 90 %
      parameter.value = math::exp(center[i]);
      parameter.low = math::exp(center[i] - half);
      parameter.high = math::exp(center[i] + half);
      parameter.covariance.assign(covariance[i], covariance[i] + 3);
    }
    add_ensemble(fit, best, level);
    if (!profiles[kReply].identified()) {
      not_identified(fit.parameters[0],
                     "the recordings do not tell how its CPU divides before and after the reply: "
                     "one in which requests follow each other at once, beside one at low load, "
                     "would");
    }
    if (!profiles[kCold].identified()) {
      not_identified(fit.parameters[2],
                     "the recordings do not tell how much dearer code is after a pause: two with "
                     "the same requests, one back to back and one with pauses of 60 ms and more, "
                     "would");
    }
  }

  static void not_identified(Parameter& parameter, const char* remark) {
    parameter.identified = false;
    parameter.origin = "preset";
    parameter.remark = remark;
  }

  // A fit to every resample of the recordings: one step of Gauss and Newton from the best fit, at
  // which the residuals of the resample differ by what was recorded only.
  void add_ensemble(OverheadFit& fit, const LeastSquaresFit& best, const Level& level) {
    const Eigen::MatrixXd gain = best.covariance * best.jacobian.transpose();
    std::vector<std::vector<Statistics>> resamples;
    for (const Bundle* bundle : bundles_) {
      resamples.push_back(resampled_latencies(*bundle, options_.seed, options_.members));
    }
    const Sampler hour(law::Normal{10, 0.1});  // standard deviation 1, never near 0
    const Stream stream = Stream::keyed(options_.seed, 0, "hours", preset_);
    for (std::uint64_t member = 0; member < options_.members; ++member) {
      Eigen::VectorXd change = Eigen::VectorXd::Zero(best.jacobian.rows());
      Eigen::Index row = 0;
      for (std::size_t b = 0; b < bundles_.size(); ++b) {
        for (const Compared metric : kFitted) {
          const auto m = static_cast<std::size_t>(metric);
          if (!resamples[b].empty()) {
            const double recorded = resamples[b][member][m];
            change[row] = ln(measured_[b][m] / recorded) / standard_deviation(b, metric, 0);
          }
          ++row;
        }
      }
      const Eigen::VectorXd step = gain * change;
      Draws draws = stream.at(member);
      const double of_hour = level.mean + level.deviation * (hour.draw(draws) - 10);
      const auto values =
          logarithms(best.theta[kReply] - step[kReply], best.theta[kCold] - step[kCold], of_hour);
      for (std::size_t i = 0; i < 3; ++i) {
        fit.parameters[i].ensemble.push_back(math::exp(values[i]));
      }
    }
  }

  // Nothing else was simulated for the interval in which it was measured.
  static BundleAgreement latencies_of(BundleAgreement agreement) {
    std::erase_if(agreement.cells, [](const Cell& cell) { return !is_latency(cell.metric); });
    return agreement;
  }

  void set_runs(OverheadFit& fit) {
    for (std::size_t b = 0; b < bundles_.size(); ++b) {
      const std::optional<Simulation> before = simulate_one(b, {1, 1, 1});
      if (!before) return;
      fit.runs.push_back({bundles_[b]->name, fitted_[b].overhead_factor,
                          latencies_of(compare(*bundles_[b], *before)),
                          latencies_of(compare(*bundles_[b], fitted_[b]))});
    }
  }

  void set_discrepancy(OverheadFit& fit) const {
    double squares = 0;
    std::size_t count = 0;
    for (std::size_t b = 0; b < bundles_.size(); ++b) {
      const double median = measured_[b][static_cast<std::size_t>(Compared::latency_p50)];
      for (const Compared metric : kFitted) {
        const auto m = static_cast<std::size_t>(metric);
        if (median < kWorthTelling) continue;
        const Deviation found = deviation(fitted_[b], measured_[b], metric);
        squares += std::max(
            found.log_ratio * found.log_ratio - noise_[b][m] * noise_[b][m] - found.phase_variance,
            0.0);
        ++count;
      }
    }
    if (count > 0) fit.discrepancy = squares / static_cast<double>(count);
  }

  const std::vector<const Bundle*>& bundles_;
  const CalibrationOptions& options_;
  std::string preset_;
  ParameterSet set_;
  std::vector<Statistics> measured_, noise_;
  std::vector<Simulation> fitted_;
  int evaluations_ = 0;
};

}  // namespace

std::string preset_of(const Bundle& bundle) {
  std::string preset;
  const Scenario scenario = replay_of(bundle);
  std::visit(
      [&](const auto& server) {
        if constexpr (requires { server.overhead.preset; }) preset = server.overhead.preset;
      },
      scenario.application.back().second.server);
  return preset;
}

std::string why_not_fitted(const Bundle& bundle) {
  if (const std::string why = why_not_replayed(bundle); !why.empty()) return why;
  if (bundle.worker_restarts > 0 || bundle.oom_kills > 0) {
    return "workers were replaced, which costs CPU that is not of its requests";
  }
  const auto failed =
      std::any_of(bundle.requests.begin(), bundle.requests.end(),
                  [](const MeasuredRequest& each) { return each.outcome != Outcome::completed; });
  return failed ? "some of its requests failed" : "";
}

Checked<std::optional<OverheadFit>> fit_overheads(const std::vector<const Bundle*>& bundles,
                                                  const CalibrationOptions& options) {
  OverheadFitter fitter(bundles, options);
  std::optional<OverheadFit> fit = fitter.fit();
  if (!fitter.problems.empty()) return fitter.problems;
  return fit;
}

}  // namespace cotenant
