// SPDX-License-Identifier: Apache-2.0
#include "scenarios/load.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <variant>

namespace cotenant {
namespace {

struct Multiply {
  double factor;

  void operator()(ConstantArrivals& arrivals) const { multiply(arrivals.rate); }
  void operator()(PoissonArrivals& arrivals) const { multiply(arrivals.rate); }
  void operator()(ScheduledArrivals&) const {}
  void operator()(ReplayArrivals&) const {}
  void operator()(MmppArrivals& arrivals) const {
    for (MmppState& state : arrivals.states) multiply(state.rate);
  }
  void operator()(ProfileArrivals& arrivals) const {
    for (ProfilePoint& point : arrivals.points) multiply(point.rate);
  }
  void operator()(ClosedArrivals& arrivals) const {
    const double users = std::floor(static_cast<double>(arrivals.users) * factor + 0.5);
    arrivals.users = std::max<std::int64_t>(1, static_cast<std::int64_t>(users));
  }
  void operator()(SessionArrivals& arrivals) const { std::visit(*this, arrivals.begin); }

 private:
  void multiply(Rate& rate) const { rate.per_second *= factor; }
};

bool is_recorded(const std::optional<Arrivals>& arrivals) {
  return arrivals && std::holds_alternative<ReplayArrivals>(*arrivals);
}

}  // namespace

Arrivals multiplied(const Arrivals& arrivals, double factor) {
  Arrivals result = arrivals;
  std::visit(Multiply{factor}, result);
  return result;
}

bool has_recorded_arrivals(const Workload& workload) {
  return is_recorded(workload.arrivals) ||
         std::any_of(workload.requests.begin(), workload.requests.end(),
                     [](const auto& named) { return is_recorded(named.second.arrivals); });
}

Scenario at_load(const Scenario& scenario, double factor) {
  Scenario scaled = scenario;
  scaled.workload.load *= factor;
  return scaled;
}

}  // namespace cotenant
