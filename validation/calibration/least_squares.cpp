// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/least_squares.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/base/assert.h"
#include "validation/calibration/halton.h"
#include "validation/calibration/nelder_mead.h"
#include "validation/calibration/normal_equations.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Below this share of the promised gain the linear picture is wrong, and after so many such steps
// in a row Levenberg-Marquardt gives up.
constexpr double kPoorGain = 0.1;
constexpr int kPoorSteps = 3;

double precision(const FreeParameter& parameter) {
  return 1 / (parameter.prior_deviation * parameter.prior_deviation);
}

class Descent {
 public:
  Descent(const ResidualBatch& residuals, const std::vector<FreeParameter>& parameters,
          const LeastSquaresOptions& options)
      : ask_(residuals), parameters_(parameters), options_(options), count_(index(parameters)) {}

  LeastSquaresFit run() {
    begin();
    double lambda = 1e-3;
    double growth = 2;
    for (int i = 0; i < options_.most_iterations && !done_; ++i) {
      linearize();
      int rejected = 0;
      while (!done_) {
        const bool better = step(lambda, growth);
        if (better || ++rejected == 8) break;
      }
      if (rejected == 8) fit_.converged = done_ = true;  // no way leads down
    }
    linearize();
    fit_.covariance = bounded_inverse(hessian_);
    fit_.jacobian = jacobian_;
    return std::move(fit_);
  }
  bool gave_up() const { return poor_ >= kPoorSteps; }

 private:
  static Index index(const std::vector<FreeParameter>& parameters) {
    return static_cast<Index>(parameters.size());
  }
  const FreeParameter& parameter(Index i) const { return parameters_[static_cast<std::size_t>(i)]; }
  double& theta(Index i) { return fit_.theta[static_cast<std::size_t>(i)]; }

  std::vector<std::vector<double>> ask(const std::vector<ParameterPoint>& points) {
    if (points.empty()) return {};
    fit_.evaluations += static_cast<int>(points.size());
    return ask_(points);
  }
  double cost(const std::vector<double>& residuals, const ParameterPoint& at) const {
    return total_cost(residuals, at, parameters_, options_.huber);
  }

  void begin() {
    for (const FreeParameter& p : parameters_) {
      fit_.theta.push_back(std::clamp(p.start, p.low, p.high));
    }
    here_ = ask({fit_.theta}).front();
    fit_.cost = cost(here_, fit_.theta);
    if (here_.empty()) done_ = true;
  }

  // Differences forwards, and backwards where forwards is out of bounds. What cannot be computed
  // there has no slope.
  void linearize() {
    if (linearized_) return;
    linearized_ = true;
    std::vector<ParameterPoint> points;
    std::vector<Index> moved;
    for (Index j = 0; j < count_; ++j) {
      if (parameter(j).low == parameter(j).high) continue;
      const bool room = theta(j) + options_.difference <= parameter(j).high;
      points.push_back(fit_.theta);
      points.back()[static_cast<std::size_t>(j)] +=
          room ? options_.difference : -options_.difference;
      moved.push_back(j);
    }
    const std::vector<std::vector<double>> there = ask(points);
    jacobian_ = MatrixXd::Zero(static_cast<Index>(here_.size()), count_);
    for (std::size_t k = 0; k < moved.size(); ++k) {
      const Index j = moved[k];
      if (there[k].size() != here_.size()) continue;
      const double by = points[k][static_cast<std::size_t>(j)] - theta(j);
      for (std::size_t i = 0; i < here_.size(); ++i) {
        jacobian_(static_cast<Index>(i), j) = (there[k][i] - here_[i]) / by;
      }
    }
    set_normal_equations();
  }

  void set_normal_equations() {
    VectorXd weights(jacobian_.rows());
    VectorXd values(jacobian_.rows());
    for (Index i = 0; i < weights.size(); ++i) {
      values(i) = here_[static_cast<std::size_t>(i)];
      const double size = std::abs(values(i));
      weights(i) = size <= options_.huber ? 1 : options_.huber / size;
    }
    hessian_ = weighted_gram(jacobian_, weights);
    gradient_ = weighted_right(jacobian_, weights, values);
    for (Index j = 0; j < count_; ++j) {
      hessian_(j, j) += precision(parameter(j));
      gradient_(j) += (theta(j) - parameter(j).prior) * precision(parameter(j));
    }
  }

  // Parameters at a bound that the gradient pushes against stay there.
  bool held(Index j) {
    const FreeParameter& p = parameter(j);
    return (theta(j) <= p.low && gradient_(j) > 0) || (theta(j) >= p.high && gradient_(j) < 0) ||
           p.low == p.high;
  }

  VectorXd move(double lambda) {
    MatrixXd damped = hessian_;
    VectorXd downhill = -gradient_;
    for (Index j = 0; j < count_; ++j) {
      damped(j, j) += lambda * std::max(hessian_(j, j), 1e-9);
      if (!held(j)) continue;
      damped.row(j).setZero();
      damped.col(j).setZero();
      damped(j, j) = 1;
      downhill(j) = 0;
    }
    VectorXd by = damped.ldlt().solve(downhill);
    for (Index j = 0; j < count_; ++j) {
      by(j) = std::clamp(theta(j) + by(j), parameter(j).low, parameter(j).high) - theta(j);
    }
    return by;
  }

  // True: it went there. The damping follows Nielsen, "Damping parameter in Marquardt's method",
  // IMM-REP-1999-05.
  bool step(double& lambda, double& growth) {
    const VectorXd by = move(lambda);
    const double longest = by.cwiseAbs().maxCoeff();
    const double promised = -2 * dot(gradient_, by) - dot(by, hessian_.lazyProduct(by));
    if (!(promised > options_.tolerance * options_.tolerance * (1 + fit_.cost)) ||
        longest < options_.tolerance * options_.tolerance) {
      fit_.converged = done_ = true;
      return false;
    }
    ParameterPoint next = fit_.theta;
    for (Index j = 0; j < count_; ++j) next[static_cast<std::size_t>(j)] += by(j);
    std::vector<double> there = ask({next}).front();
    const double next_cost = cost(there, next);
    const double gain = (fit_.cost - next_cost) / promised;
    poor_ = gain < kPoorGain ? poor_ + 1 : 0;
    if (!(gain > 0)) {
      lambda *= growth;
      growth *= 2;
      if (gave_up()) done_ = true;
      return false;
    }
    const double curve = 2 * gain - 1;
    lambda *= std::max(1.0 / 3, 1 - curve * curve * curve);
    growth = 2;
    const double gained = fit_.cost - next_cost;
    fit_.theta = std::move(next);
    here_ = std::move(there);
    linearized_ = false;
    fit_.cost = next_cost;
    if (longest < options_.tolerance ||
        gained < options_.tolerance * options_.tolerance * next_cost) {
      fit_.converged = done_ = true;
    }
    if (gave_up()) done_ = true;
    return true;
  }

  const ResidualBatch& ask_;
  const std::vector<FreeParameter>& parameters_;
  const LeastSquaresOptions& options_;
  Index count_;
  LeastSquaresFit fit_;
  std::vector<double> here_;
  MatrixXd jacobian_, hessian_;
  VectorXd gradient_;
  int poor_ = 0;
  bool linearized_ = false;
  bool done_ = false;
};

// The simplex as large as a parameter's likely error, a tenth of the box.
LeastSquaresFit by_simplex(const ResidualBatch& residuals,
                           const std::vector<FreeParameter>& parameters,
                           const LeastSquaresOptions& options, LeastSquaresFit from) {
  SimplexProblem problem;
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    const FreeParameter& p = parameters[j];
    problem.low.push_back(p.low);
    problem.high.push_back(p.high);
    problem.size.push_back((p.high - p.low) / 10);
  }
  problem.start = from.theta;
  problem.tolerance = options.tolerance;
  problem.most_steps = options.most_simplex_steps > 0 ? options.most_simplex_steps
                                                      : 40 * static_cast<int>(parameters.size());
  problem.costs = [&](const std::vector<ParameterPoint>& points) {
    from.evaluations += static_cast<int>(points.size());
    const std::vector<std::vector<double>> there = residuals(points);
    std::vector<double> costs;
    for (std::size_t i = 0; i < points.size(); ++i) {
      costs.push_back(total_cost(there[i], points[i], parameters, options.huber));
    }
    return costs;
  };
  const SimplexResult found = minimize_by_simplex(problem);
  std::vector<FreeParameter> at = parameters;
  for (std::size_t j = 0; j < at.size(); ++j) at[j].start = found.at[j];
  LeastSquaresOptions only_look = options;
  only_look.most_iterations = 0;
  LeastSquaresFit fit = descend(residuals, at, only_look);
  fit.evaluations += from.evaluations;
  fit.converged = found.converged;
  return fit;
}

std::vector<FreeParameter> starting_at(const std::vector<FreeParameter>& parameters, int start) {
  std::vector<FreeParameter> moved = parameters;
  for (std::size_t j = 0; j < moved.size() && start > 0; ++j) {
    const double share = halton(static_cast<std::uint64_t>(start), j);
    moved[j].start = moved[j].low + share * (moved[j].high - moved[j].low);
  }
  return moved;
}

}  // namespace

double huber_loss(double residual, double threshold) {
  const double size = std::abs(residual);
  return size <= threshold ? size * size : threshold * (2 * size - threshold);
}

double total_cost(const std::vector<double>& residuals, const ParameterPoint& theta,
                  const std::vector<FreeParameter>& parameters, double huber) {
  if (residuals.empty()) return kInfinity;
  double sum = 0;
  for (const double residual : residuals) {
    if (!std::isfinite(residual)) return kInfinity;
    sum += huber_loss(residual, huber);
  }
  for (std::size_t j = 0; j < parameters.size(); ++j) {
    const double off = theta[j] - parameters[j].prior;
    sum += off * off * precision(parameters[j]);
  }
  return sum;
}

LeastSquaresFit descend(const ResidualBatch& residuals,
                        const std::vector<FreeParameter>& parameters,
                        const LeastSquaresOptions& options) {
  return Descent(residuals, parameters, options).run();
}

LeastSquaresFit least_squares(const ResidualBatch& residuals,
                              const std::vector<FreeParameter>& parameters,
                              const LeastSquaresOptions& options) {
  COTENANT_ASSERT(!parameters.empty() && options.starts >= 1);
  LeastSquaresFit best;
  int evaluations = 0;
  bool gave_up = false;
  for (int start = 0; start < options.starts; ++start) {
    const std::vector<FreeParameter> from = starting_at(parameters, start);
    Descent descent(residuals, from, options);
    LeastSquaresFit fit = descent.run();
    evaluations += fit.evaluations;
    if (start > 0 && !(fit.cost < best.cost)) continue;
    best = std::move(fit);
    gave_up = descent.gave_up();
  }
  if (gave_up) {
    const int before = best.evaluations;
    LeastSquaresFit refined = by_simplex(residuals, parameters, options, best);
    evaluations += refined.evaluations - before;
    if (refined.cost < best.cost) best = std::move(refined);
  }
  best.evaluations = evaluations;
  return best;
}

}  // namespace cotenant
