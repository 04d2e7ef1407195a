// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/demand_distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/assert.h"
#include "sim/random/math.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

using Points = std::vector<std::pair<double, double>>;  // probability, seconds

constexpr std::size_t kFewestForQuantiles = 200;
constexpr double kSameValue = 0.01;  // a coefficient of variation below is none
constexpr double kTailBegins = 0.99;
constexpr std::size_t kFewestForTail = 10'000;
// A shape of 0.5 has no variance any more, and one below -1 ends in a wall.
constexpr double kHeaviestShape = 0.5;
constexpr double kLightestShape = -1;
constexpr double kNormal95 = 1.645;
constexpr double kShortest = 1e-9;  // seconds; logarithms need one

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double cv_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return n > 1 && mean > 0 ? std::sqrt(squares / (n - 1)) / mean : 0;
}

// Steps of equal probability, and beyond 99 % halves of what is left while five values are beyond.
std::vector<double> probabilities(std::size_t n, bool with_tail) {
  const std::size_t steps = std::clamp<std::size_t>(n / 10, 20, 200);
  std::vector<double> chosen;
  for (std::size_t i = 1; i < steps; ++i) {
    const double p = static_cast<double>(i) / static_cast<double>(steps);
    if (p < kTailBegins) chosen.push_back(p);
  }
  // With a tail as far as one in ten times as many requests as were seen.
  const double fewest = with_tail ? 0.1 : 5;
  for (double beyond = 1 - kTailBegins; beyond * static_cast<double>(n) >= fewest; beyond /= 2) {
    chosen.push_back(1 - beyond);
  }
  return chosen;
}

// The mean of the logarithms of the values whose ranks are nearer to this probability than to its
// neighbors: a kernel on the logarithmic scale, as wide as the table is coarse.
double smoothed(const std::vector<double>& sorted, double from, double until) {
  const auto n = static_cast<double>(sorted.size());
  const auto first = std::min(static_cast<std::size_t>(from * n), sorted.size() - 1);
  const auto last = std::clamp(static_cast<std::size_t>(until * n), first + 1, sorted.size());
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += math::log(std::max(sorted[i], kShortest));
  return math::exp(sum / static_cast<double>(last - first));
}

Points body(const std::vector<double>& sorted, const std::vector<double>& at) {
  Points points = {{0, sorted.front()}};
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double before = i == 0 ? 0 : at[i - 1];
    const double after = i + 1 == at.size() ? 1 : at[i + 1];
    // As far on one side as on the other, lest the point be moved.
    const double reach = std::min(at[i] - before, after - at[i]) / 2;
    points.emplace_back(at[i], smoothed(sorted, at[i] - reach, at[i] + reach));
  }
  points.emplace_back(1, sorted.back());
  return points;
}

double mean_of(const Points& points) {
  double sum = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    sum += (points[i].first - points[i - 1].first) * (points[i].second + points[i - 1].second) / 2;
  }
  return sum;
}

class Fitting {
 public:
  Fitting(std::vector<double> values, double mean) : sorted_(std::move(values)) {
    std::sort(sorted_.begin(), sorted_.end());
    result_.cv = cv_of(sorted_);
    result_.mean = mean > 0 ? mean : mean_of(sorted_);
  }

  DemandDistribution run() {
    const Duration mean = rounded(result_.mean);
    if (result_.cv < kSameValue) {
      result_.law.kind = ConstantLaw{mean};
    } else if (sorted_.size() < kFewestForQuantiles) {
      result_.law.kind = LognormalLaw{mean, result_.cv};
      result_.remarks.push_back(
          fmt::format("{} values are too few for quantiles of their own: a lognormal law with "
                      "their coefficient of "
                      "variation, {}.",
                      sorted_.size(), significant(result_.cv)));
    } else {
      fit_tail();
      result_.law.kind = quantiles();
    }
    return std::move(result_);
  }

 private:
  static Duration rounded(double seconds) {
    return Duration(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
  }

  std::size_t first_beyond() const {
    return static_cast<std::size_t>(kTailBegins * static_cast<double>(sorted_.size()));
  }
  void no_tail(std::string why) {
    result_.remarks.push_back(fmt::format("No demand is longer than the longest one seen, {}: {}.",
                                          short_time(sorted_.back()), why));
  }
  void fit_tail() {
    if (sorted_.size() < kFewestForTail) {
      return no_tail(fmt::format("{} values are too few to know a tail, which needs {}",
                                 grouped(sorted_.size()), grouped(kFewestForTail)));
    }
    std::vector<double> excesses;
    for (std::size_t i = first_beyond(); i < sorted_.size(); ++i) {
      excesses.push_back(sorted_[i] - sorted_[first_beyond()]);
    }
    const ParetoTail tail = pareto_tail(excesses);
    const double low = tail.shape - kNormal95 * tail.shape_deviation;
    const double high = tail.shape + kNormal95 * tail.shape_deviation;
    if (!(tail.scale > 0) || !(low > kLightestShape) || !(high < kHeaviestShape)) {
      return no_tail(
          fmt::format("the shape of the tail is {}, between {} and {}, and only one between "
                      "{} and {} can be trusted beyond what was seen",
                      significant(tail.shape), significant(low), significant(high),
                      significant(kLightestShape), significant(kHeaviestShape)));
    }
    tail_ = tail;
    result_.tail_shape = tail.shape;
  }

  EmpiricalLaw quantiles() const {
    Points points = body(sorted_, probabilities(sorted_.size(), tail_.has_value()));
    if (tail_) replace_tail(points);
    const double scale = result_.mean / mean_of(points);
    EmpiricalLaw law;
    for (const auto& [probability, value] : points) {
      const Duration before = law.points.empty() ? Duration() : law.points.back().value;
      law.points.push_back({probability, std::max(before, rounded(value * scale))});
    }
    return law;
  }
  void replace_tail(Points& points) const {
    const double threshold = sorted_[first_beyond()];
    double last = threshold;
    for (auto& [probability, value] : points) {
      if (probability <= kTailBegins) continue;
      const double beyond = (1 - probability) / (1 - kTailBegins);
      if (probability < 1) last = threshold + tail_quantile(*tail_, beyond);
      value = last;
    }
  }

  std::vector<double> sorted_;
  std::optional<ParetoTail> tail_;
  DemandDistribution result_;
};

}  // namespace

DemandSample recorded_cpu(const Capture& capture, std::size_t class_index) {
  DemandSample sample;
  for (const CapturedRequest& request : capture.requests) {
    if (request.class_index == class_index && request.cpu) {
      sample.values.push_back(in_seconds(*request.cpu));
    }
  }
  return sample;
}

DemandSample idle_responses(const Capture& capture, std::size_t class_index) {
  DemandSample sample;
  std::size_t met = 0;
  Duration busy_until;
  const std::vector<CapturedRequest>& requests = capture.requests;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const CapturedRequest& request = requests[i];
    const bool idle = i == 0 || request.arrival >= busy_until;
    busy_until = std::max(busy_until, request.done);
    if (!idle || request.class_index != class_index || request.done < request.arrival) continue;
    sample.values.push_back(in_seconds(request.done - request.arrival));
    if (i + 1 < requests.size() && requests[i + 1].arrival < request.done) ++met;
  }
  if (met * 10 > sample.values.size()) {
    sample.remarks.push_back(fmt::format(
        "Of {} requests of \"{}\" that found the application idle, {} were joined by others before "
        "they were done, and may have been slowed down: a recording at a lower load would tell.",
        grouped(sample.values.size()), capture.classes[class_index], grouped(met)));
  }
  return sample;
}

DemandDistribution demand_distribution(std::vector<double> values, double mean) {
  COTENANT_ASSERT(!values.empty());
  return Fitting(std::move(values), mean).run();
}

ParetoTail pareto_tail(const std::vector<double>& sorted_excesses) {
  const auto n = static_cast<double>(sorted_excesses.size());
  double a0 = 0;  // the mean, and the mean weighted with the share that is larger
  double a1 = 0;
  for (std::size_t i = 0; i < sorted_excesses.size(); ++i) {
    const double below = (static_cast<double>(i) + 0.65) / n;  // (rank - 0.35) / n
    a0 += sorted_excesses[i] / n;
    a1 += (1 - below) * sorted_excesses[i] / n;
  }
  ParetoTail tail;
  if (!(a0 > 2 * a1)) return tail;  // all the same
  const double k = a0 / (a0 - 2 * a1) - 2;
  tail.shape = -k;
  tail.scale = 2 * a0 * a1 / (a0 - 2 * a1);
  // Equation (15) of the paper; beyond its range there is no such variance.
  const double factor = (1 + 2 * k) * (3 + 2 * k);
  const double spread = (1 + k) * (2 + k) * (2 + k) * (1 + k + 2 * k * k);
  tail.shape_deviation = k > -0.5 ? std::sqrt(spread / (factor * n)) : 1;
  return tail;
}

double tail_quantile(const ParetoTail& tail, double beyond) {
  const double log_beyond = math::log(beyond);
  if (std::abs(tail.shape) < 1e-9) return -tail.scale * log_beyond;
  return tail.scale / tail.shape * math::expm1(-tail.shape * log_beyond);
}

}  // namespace cotenant
