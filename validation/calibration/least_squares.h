// SPDX-License-Identifier: Apache-2.0
//
// Bounded, robust least squares of a function that is expensive and not quite smooth: a simulation
// beside what was measured. Levenberg-Marquardt from several starts, with differences instead of
// derivatives; where the linear picture keeps failing on the way to the best point, the simplex of
// Nelder and Mead goes on from there. What is asked together is handed over together, so that the
// caller may compute it on threads; nothing depends on how.
//
// Parameters are logarithms, so a step of 0.02 is one of 2 %. Residuals are standardized: divided
// by the standard deviation that they have at the truth.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace cotenant {

// The residuals at each of the points; of each the same number. A point at which they cannot be
// computed has none, and is avoided.
using ParameterPoint = std::vector<double>;
using ResidualBatch =
    std::function<std::vector<std::vector<double>>(const std::vector<ParameterPoint>&)>;

struct FreeParameter {
  std::string name;
  double start = 0;
  double low = -1, high = 1;  // the box in which starts are sought, and the bounds
  double prior = 0;           // the mean of a normal prior,
  double prior_deviation = std::numeric_limits<double>::infinity();  // which is none by default
};

struct LeastSquaresOptions {
  double difference = 0.02;  // of forward differences; large on purpose, to see past noise
  int most_iterations = 15;
  int starts = 8;              // the given one, and points of a Halton sequence in the box
  double huber = 1.345;        // residuals beyond count linearly (Huber 1964; 95 % efficiency)
  double tolerance = 1e-4;     // a step or a relative gain below ends the search
  int most_simplex_steps = 0;  // 0: 40 for each parameter
};

struct LeastSquaresFit {
  ParameterPoint theta;
  double cost = std::numeric_limits<double>::infinity();  // sum of Huber losses, and of the priors
  Eigen::MatrixXd jacobian;                               // of the residuals at theta, no priors
  Eigen::MatrixXd covariance;                             // of theta, with priors
  int evaluations = 0;
  bool converged = false;  // false: it ran out of iterations; the fit is the best point seen
};

// r^2, and beyond the threshold k its tangent 2 k |r| - k^2, so that residuals of a good fit cost
// what they do in a sum of squares.
double huber_loss(double residual, double threshold);

LeastSquaresFit least_squares(const ResidualBatch& residuals,
                              const std::vector<FreeParameter>& parameters,
                              const LeastSquaresOptions& options = {});

// The same from the given start only, and without the simplex.
LeastSquaresFit descend(const ResidualBatch& residuals,
                        const std::vector<FreeParameter>& parameters,
                        const LeastSquaresOptions& options);

// Losses of the residuals and of the priors; infinite where there are no residuals.
double total_cost(const std::vector<double>& residuals, const ParameterPoint& theta,
                  const std::vector<FreeParameter>& parameters, double huber);

}  // namespace cotenant
