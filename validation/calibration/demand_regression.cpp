// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/demand_regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/writers/format.h"
#include "validation/calibration/bootstrap.h"
#include "validation/calibration/collinearity.h"
#include "validation/calibration/nnls.h"
#include "validation/calibration/normal_equations.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kFewestRequests = 10;  // of a class
constexpr std::size_t kFewestWindowsPerUnknown = 10;

// Median of absolute values, as the standard deviation of a normal law that has it.
double robust_deviation(VectorXd errors) {
  errors = errors.cwiseAbs().eval();
  const Index middle = errors.size() / 2;
  std::nth_element(errors.data(), errors.data() + middle, errors.data() + errors.size());
  return 1.4826 * errors(middle);
}

// One round of reweighting from `demands`. The variance of what is used in a window grows with what
// is to be expected there. With what was used instead, windows that were cheap by chance would
// count more, and all demands would come out too low: by 18 % with five exponential
// requests in a window.
VectorXd reweighted(const MatrixXd& a, const VectorXd& used, const VectorXd& demands,
                    double huber) {
  const VectorXd expected = product(a, demands);
  const double floor = std::max(used.mean() / 10, 1e-300);
  VectorXd scale(used.size());
  for (Index i = 0; i < used.size(); ++i) scale(i) = std::sqrt(std::max(expected(i), floor));
  VectorXd errors = used - expected;
  for (Index i = 0; i < used.size(); ++i) errors(i) /= scale(i);
  const double tolerated = huber * robust_deviation(errors);
  MatrixXd scaled = a;
  VectorXd right = used;
  for (Index i = 0; i < used.size(); ++i) {
    const double size = std::abs(errors(i));
    const double weight = size <= tolerated ? 1 : std::sqrt(tolerated / size);
    scaled.row(i) *= weight / scale(i);
    right(i) *= weight / scale(i);
  }
  return nnls(scaled, right);
}

VectorXd robust_demands(const MatrixXd& a, const VectorXd& used, VectorXd demands, int rounds,
                        double huber) {
  for (int i = 0; i < rounds; ++i) {
    const VectorXd next = reweighted(a, used, demands, huber);
    const double change = (next - demands).cwiseAbs().maxCoeff();
    const bool settled = change <= 1e-9 * next.cwiseAbs().maxCoeff();
    demands = next;
    if (settled) break;
  }
  return demands;
}

// Rows divided by the deviation of what was used, as the regression does, so that the condition
// number is that of the problem it solves.
MatrixXd weighted(const MatrixXd& a, const VectorXd& used) {
  MatrixXd scaled = a;
  const double mean = used.mean();
  for (Index i = 0; i < a.rows(); ++i) {
    scaled.row(i) /= std::sqrt(std::max({used(i), mean / 10, 1e-300}));
  }
  return scaled;
}

class Regression {
 public:
  Regression(const UsageWindows& windows, const RegressionOptions& options)
      : windows_(windows), options_(options) {}

  DemandRegression run() {
    result_.windows = windows_.count();
    choose_columns();
    if (refuse()) return result_;
    separate();
    const MatrixXd a = design();
    const VectorXd& used = windows_.used;
    const VectorXd demands = robust_demands(a, used, nnls(a, used), 30, options_.huber);
    result_.explained = explained(a, demands);
    put(demands, intervals(a, demands));
    return result_;
  }

 private:
  using Columns = std::vector<std::size_t>;  // the classes of one unknown

  void choose_columns() {
    for (std::size_t k = 0; k < windows_.classes.size(); ++k) {
      const double seen = windows_.requests.col(static_cast<Index>(k)).sum();
      if (seen >= static_cast<double>(kFewestRequests)) {
        unknowns_.push_back({k});
      } else {
        result_.remarks.push_back(
            fmt::format("Of \"{}\" only {} requests fall into the windows: too few to know {}.",
                        windows_.classes[k], static_cast<std::int64_t>(seen), quantity()));
      }
    }
  }
  bool refuse() {
    const std::size_t needed = kFewestWindowsPerUnknown * (unknowns_.size() + 1);
    if (unknowns_.empty()) {
      result_.refused =
          fmt::format("No class has {} requests within the windows.", kFewestRequests);
    } else if (windows_.count() < needed) {
      result_.refused = fmt::format(
          "{} windows are too few for the demands of {} classes: record at least {} of them.",
          windows_.count(), unknowns_.size(), needed);
    }
    return !result_.refused.empty();
  }

  std::string quantity() const {
    constexpr const char* kNames[] = {"CPU demand", "amount read", "amount written",
                                      "number of reads", "number of writes"};
    return kNames[static_cast<std::size_t>(windows_.resource)];
  }
  std::string name(const Columns& classes) const {
    std::string text = classes.empty() ? "the background" : "";
    for (const std::size_t k : classes) {
      text += (text.empty() ? "" : " and ") + windows_.classes[k];
    }
    return text;
  }

  // Columns of the unknowns, the background last.
  MatrixXd design() const {
    const auto n = static_cast<Index>(unknowns_.size());
    MatrixXd a = MatrixXd::Zero(windows_.seconds.size(), n + (background_ ? 1 : 0));
    for (Index j = 0; j < n; ++j) {
      for (const std::size_t k : unknowns_[static_cast<std::size_t>(j)]) {
        a.col(j) += windows_.requests.col(static_cast<Index>(k));
      }
    }
    if (background_) a.col(n) = windows_.seconds;
    return a;
  }

  // Takes unknowns together until the rest can be told apart.
  void separate() {
    while (true) {
      const Collinearity found = collinearity(weighted(design(), windows_.used));
      result_.condition = found.condition;
      if (found.condition <= kPoorCondition || unknowns_.size() + (background_ ? 1 : 0) < 2) return;
      std::vector<std::string> names;
      for (const Columns& classes : unknowns_) names.push_back(name(classes));
      names.push_back(name({}));
      const std::size_t first = found.direction.front().column;
      const auto other = std::find_if(found.direction.begin() + 1, found.direction.end(),
                                      [](const DirectionPart& part) { return part.weight < 0; });
      if (other == found.direction.end()) return;
      take_together(std::min(first, other->column), std::max(first, other->column), found, names);
    }
  }
  void take_together(std::size_t a, std::size_t b, const Collinearity& found,
                     const std::vector<std::string>& names) {
    if (b == unknowns_.size()) {
      background_ = false;
      result_.remarks.push_back(fmt::format(
          "What \"{}\" uses and what is used without requests cannot be told apart: they come at "
          "an "
          "even rate (condition number {}). All of it is counted to the requests; a recording at "
          "another rate would tell.",
          names[a], significant(found.condition)));
      return;
    }
    result_.remarks.push_back(
        collinear_classes_in_words(found, names, quantity()) +
        fmt::format(" \"{}\" and \"{}\" are taken together.", names[a], names[b]));
    unknowns_[a].insert(unknowns_[a].end(), unknowns_[b].begin(), unknowns_[b].end());
    std::sort(unknowns_[a].begin(), unknowns_[a].end());
    unknowns_.erase(unknowns_.begin() + static_cast<std::ptrdiff_t>(b));
  }

  double explained(const MatrixXd& a, const VectorXd& demands) const {
    const VectorXd expected = product(a, demands);
    const double mean = windows_.used.mean();
    double left = 0;
    double all = 0;
    for (Index i = 0; i < expected.size(); ++i) {
      left += (windows_.used(i) - expected(i)) * (windows_.used(i) - expected(i));
      all += (windows_.used(i) - mean) * (windows_.used(i) - mean);
    }
    return all > 0 ? std::max(0.0, 1 - left / all) : 1;
  }

  std::vector<Interval> intervals(const MatrixXd& a, const VectorXd& demands) const {
    const std::size_t count = windows_.count();
    const std::size_t block = block_length(count);
    const Stream stream = Stream::keyed(options_.seed, 0, "calibration", "demand regression");
    std::vector<std::vector<double>> drawn(static_cast<std::size_t>(a.cols()));
    MatrixXd rows(a.rows(), a.cols());
    VectorXd used(a.rows());
    for (int draw = 0; draw < options_.draws; ++draw) {
      const auto chosen = moving_blocks(count, block, stream, static_cast<std::uint64_t>(draw));
      for (std::size_t i = 0; i < count; ++i) {
        rows.row(static_cast<Index>(i)) = a.row(static_cast<Index>(chosen[i]));
        used(static_cast<Index>(i)) = windows_.used(static_cast<Index>(chosen[i]));
      }
      // From the estimate of all windows two rounds are enough: 30 move no end by 1 % of the width.
      const VectorXd again = robust_demands(rows, used, demands, 2, options_.huber);
      for (Index j = 0; j < a.cols(); ++j) drawn[static_cast<std::size_t>(j)].push_back(again(j));
    }
    std::vector<Interval> result;
    for (std::vector<double>& values : drawn) {
      result.push_back(percentile_interval(std::move(values), options_.confidence, count / block));
    }
    return result;
  }

  void put(const VectorXd& demands, const std::vector<Interval>& intervals) {
    const auto of = [&](std::size_t j, Columns classes) {
      MeanDemand demand;
      demand.classes = std::move(classes);
      demand.mean = demands(static_cast<Index>(j));
      demand.interval = intervals[j];
      demand.at_zero = demand.mean == 0;
      if (demand.at_zero) demand.interval.low = 0;
      return demand;
    };
    for (std::size_t j = 0; j < unknowns_.size(); ++j) {
      result_.demands.push_back(of(j, unknowns_[j]));
    }
    if (background_) {
      result_.background = of(unknowns_.size(), {});
    } else {
      result_.background.at_zero = true;
    }
  }

  const UsageWindows& windows_;
  const RegressionOptions& options_;
  std::vector<Columns> unknowns_;
  bool background_ = true;
  DemandRegression result_;
};

}  // namespace

DemandRegression demand_regression(const UsageWindows& windows, const RegressionOptions& options) {
  return Regression(windows, options).run();
}

}  // namespace cotenant
