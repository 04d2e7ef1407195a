// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/profile_likelihood.h"

#include <algorithm>
#include <cmath>

namespace cotenant {
namespace {

constexpr double kNoPrior = std::numeric_limits<double>::infinity();

class Profile {
 public:
  Profile(const ResidualBatch& residuals, const std::vector<FreeParameter>& parameters,
          const LeastSquaresOptions& options, const LeastSquaresFit& fit, std::size_t which)
      : residuals_(residuals), parameters_(parameters), options_(options), which_(which) {
    for (std::size_t j = 0; j < parameters.size(); ++j) parameters_[j].start = fit.theta[j];
    parameters_[which].prior_deviation = kNoPrior;
    best_ = descend(residuals_, parameters_, options_);
    const auto k = static_cast<Eigen::Index>(which);
    width_ = std::sqrt(best_.covariance(k, k));
  }

  double best() const { return best_.theta[which_]; }

  // Where the cost has risen in that direction (-1 or 1); none: not inside of the bounds.
  std::optional<double> end(double direction, double rise) const {
    const FreeParameter& own = parameters_[which_];
    const double reach = direction > 0 ? own.high - best() : best() - own.low;
    double inside = 0;
    double rise_inside = 0;
    double outside = std::min(std::max(width_ * std::sqrt(rise), options_.difference), reach);
    if (!(reach > 0)) return std::nullopt;
    ParameterPoint from = best_.theta;
    double rise_outside = risen(best() + direction * outside, from);
    while (rise_outside < rise) {
      if (outside >= reach) return std::nullopt;
      inside = outside;
      rise_inside = rise_outside;
      outside = std::min(outside * 1.6, reach);
      rise_outside = risen(best() + direction * outside, from);
    }
    // To 2 % of the distance, and to 5 % of the value. Halves in between, lest one end stay.
    for (int i = 0; i < 10 && outside - inside > std::min(0.02 * outside, 0.05); ++i) {
      const double at = i % 2 == 0 ? between(inside, rise_inside, outside, rise_outside, rise)
                                   : (inside + outside) / 2;
      const double there = risen(best() + direction * at, from);
      (there < rise ? inside : outside) = at;
      (there < rise ? rise_inside : rise_outside) = there;
    }
    return best() + direction * between(inside, rise_inside, outside, rise_outside, rise);
  }

 private:
  // The cost rises as a square, so its root is interpolated.
  static double between(double inside, double rise_inside, double outside, double rise_outside,
                        double rise) {
    const double from = std::sqrt(std::max(rise_inside, 0.0));
    const double share = (std::sqrt(rise) - from) / (std::sqrt(rise_outside) - from);
    const double within = std::isfinite(rise_outside) ? std::clamp(share, 0.05, 0.95) : 0.5;
    return inside + within * (outside - inside);
  }

  // By how much the lowest cost with the parameter at that value is above the lowest of all; the
  // others start where they were best for the value before.
  double risen(double value, ParameterPoint& from) const {
    std::vector<FreeParameter> fixed = parameters_;
    for (std::size_t j = 0; j < fixed.size(); ++j) fixed[j].start = from[j];
    fixed[which_].start = fixed[which_].low = fixed[which_].high = value;
    const LeastSquaresFit fit = descend(residuals_, fixed, options_);
    if (std::isfinite(fit.cost)) from = fit.theta;
    return fit.cost - best_.cost;
  }

  const ResidualBatch& residuals_;
  std::vector<FreeParameter> parameters_;
  const LeastSquaresOptions& options_;
  std::size_t which_;
  LeastSquaresFit best_;
  double width_ = 0;
};

}  // namespace

std::vector<ProfileInterval> profile_likelihood(const ResidualBatch& residuals,
                                                const std::vector<FreeParameter>& parameters,
                                                const LeastSquaresOptions& options,
                                                const LeastSquaresFit& fit, double rise) {
  std::vector<ProfileInterval> intervals;
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    const Profile profile(residuals, parameters, options, fit, j);
    intervals.push_back(
        {parameters[j].name, profile.best(), profile.end(-1, rise), profile.end(1, rise)});
  }
  return intervals;
}

}  // namespace cotenant
