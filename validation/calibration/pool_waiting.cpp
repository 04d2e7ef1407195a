// SPDX-License-Identifier: Apache-2.0
//
// The pool as a Markov chain: n requests in the system, i of those that have a worker computing.
// From n = workers on it repeats itself, so that the probabilities of longer queues follow from a
// matrix R (Neuts, "Matrix-Geometric Solutions in Stochastic Models", 1981). Products are lazy:
// coefficient by coefficient, in a fixed order.
#include <Eigen/LU>
#include <algorithm>
#include <vector>

#include "sim/base/assert.h"
#include "validation/calibration/ps_inversion.h"

namespace cotenant {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;
using Eigen::VectorXd;

// Level n has the states i = 0 ... min(n, workers).
class PoolChain {
 public:
  explicit PoolChain(const PoolLoad& load)
      : load_(load), workers_(load.workers), computing_(1 / load.cpu), waiting_(1 / load.wait) {}

  PoolWaiting solve() const {
    PoolWaiting found;
    const MatrixXd growth = matrix_geometric(found.stable);
    if (!found.stable) return found;
    // From the bottom up: pi(n) = pi(n + 1) below(n).
    std::vector<MatrixXd> below;
    MatrixXd reached = local(0);
    for (Index n = 0; n < workers_; ++n) {
      below.push_back(down(n + 1).lazyProduct((-reached).inverse()));
      reached = local(n + 1) + below.back().lazyProduct(up(n));
    }
    const MatrixXd balance = reached + growth.lazyProduct(down(workers_ + 1));
    const RowVectorXd top = stationary(balance);
    add_up(top, growth, below, found);
    return found;
  }

 private:
  Index computing_states(Index n) const { return std::min(n, workers_) + 1; }

  // A new request computes at once where there is a worker, else it waits.
  MatrixXd up(Index n) const {
    MatrixXd rates = MatrixXd::Zero(computing_states(n), computing_states(n + 1));
    const Index begins = n < workers_ ? 1 : 0;
    for (Index i = 0; i < rates.rows(); ++i) rates(i, i + begins) = load_.rate;
    return rates;
  }
  // A worker that is done with waiting takes the next request, if there is one.
  MatrixXd down(Index n) const {
    MatrixXd rates = MatrixXd::Zero(computing_states(n), computing_states(n - 1));
    const Index served = std::min(n, workers_);
    const Index begins = n > workers_ ? 1 : 0;
    for (Index i = 0; i < served; ++i) {
      rates(i, i + begins) = static_cast<double>(served - i) * waiting_;
    }
    return rates;
  }
  MatrixXd local(Index n) const {
    MatrixXd rates = MatrixXd::Zero(computing_states(n), computing_states(n));
    const Index served = std::min(n, workers_);
    for (Index i = 0; i <= served; ++i) {
      const double computed = static_cast<double>(std::min<Index>(i, load_.cores)) * computing_;
      if (i > 0) rates(i, i - 1) = computed;
      rates(i, i) = -(load_.rate + computed + static_cast<double>(served - i) * waiting_);
    }
    return rates;
  }

  // The smallest R with A0 + R A1 + R^2 A2 = 0, from G by logarithmic reduction (Latouche and
  // Ramaswami, Journal of Applied Probability 30, 1993); stable if the queue drifts downwards.
  MatrixXd matrix_geometric(bool& stable) const {
    const Index n = workers_ + 1;
    const MatrixXd rise = up(n), stay = local(n), fall = down(n);
    const RowVectorXd phases = stationary(rise + stay + fall);
    stable = (phases.lazyProduct(fall)).sum() > (1 + 1e-9) * load_.rate;
    if (!stable) return {};
    const MatrixXd one = MatrixXd::Identity(n, n);
    const MatrixXd first = (-stay).inverse();
    MatrixXd low = first.lazyProduct(fall);
    MatrixXd high = first.lazyProduct(rise);
    MatrixXd g = low;
    MatrixXd product = high;
    for (int i = 0; i < 60 && product.cwiseAbs().maxCoeff() > 1e-300; ++i) {
      const MatrixXd both = high.lazyProduct(low) + low.lazyProduct(high);
      const MatrixXd inverse = (one - both).inverse();
      high = inverse.lazyProduct(MatrixXd(high.lazyProduct(high))).eval();
      low = inverse.lazyProduct(MatrixXd(low.lazyProduct(low))).eval();
      g += product.lazyProduct(low);
      product = product.lazyProduct(high).eval();
    }
    return rise.lazyProduct(MatrixXd((-(stay + rise.lazyProduct(g))).inverse()));
  }

  // The vector x with x rates = 0 that sums to 1.
  static RowVectorXd stationary(const MatrixXd& rates) {
    MatrixXd equations = rates.transpose();
    equations.row(0).setOnes();
    VectorXd right = VectorXd::Zero(rates.rows());
    right(0) = 1;
    return equations.partialPivLu().solve(right).transpose();
  }

  void add_up(const RowVectorXd& top, const MatrixXd& growth, const std::vector<MatrixXd>& below,
              PoolWaiting& found) const {
    const Index n = workers_ + 1;
    const MatrixXd rest = (MatrixXd::Identity(n, n) - growth).inverse();
    const RowVectorXd queued = top.lazyProduct(rest);  // all levels from n = workers on
    double sum = queued.sum();
    double served = static_cast<double>(workers_) * sum;
    RowVectorXd level = top;
    for (Index i = workers_ - 1; i >= 0; --i) {
      level = level.lazyProduct(below[static_cast<std::size_t>(i)]).eval();
      sum += level.sum();
      served += static_cast<double>(i) * level.sum();
    }
    const RowVectorXd longer = queued.lazyProduct(growth);
    const double queue = longer.lazyProduct(rest).sum() / sum;
    found.all_busy = queued.sum() / sum;
    found.mean_wait = queue / load_.rate;
    found.mean_response = found.mean_wait + served / sum / load_.rate;
  }

  const PoolLoad& load_;
  Index workers_;
  double computing_, waiting_;  // rates
};

}  // namespace

PoolWaiting pool_waiting(const PoolLoad& load) {
  COTENANT_ASSERT(load.rate > 0 && load.workers >= 1 && load.cores >= 1 && load.cpu > 0 &&
                  load.wait > 0);
  return PoolChain(load).solve();
}

}  // namespace cotenant
