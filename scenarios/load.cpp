// SPDX-License-Identifier: Apache-2.0
#include "scenarios/load.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>

namespace cotenant {
namespace {

// Multiplies; false: it cannot be done.
struct Multiply {
  double factor;

  bool operator()(ConstantArrivals& arrivals) const { return rate(arrivals.rate); }
  bool operator()(PoissonArrivals& arrivals) const { return rate(arrivals.rate); }
  bool operator()(ScheduledArrivals&) const { return true; }
  bool operator()(ReplayArrivals&) const { return false; }
  bool operator()(MmppArrivals& arrivals) const {
    for (MmppState& state : arrivals.states) rate(state.rate);
    return true;
  }
  bool operator()(ProfileArrivals& arrivals) const {
    for (ProfilePoint& point : arrivals.points) rate(point.rate);
    return true;
  }
  bool operator()(ClosedArrivals& arrivals) const {
    const double users = std::floor(static_cast<double>(arrivals.users) * factor + 0.5);
    arrivals.users = std::max<std::int64_t>(1, static_cast<std::int64_t>(users));
    return true;
  }
  bool operator()(SessionArrivals& arrivals) const { return std::visit(*this, arrivals.begin); }

 private:
  bool rate(Rate& value) const {
    value.per_second *= factor;
    return true;
  }
};

}  // namespace

std::optional<Scenario> at_load(const Scenario& scenario, double factor) {
  Scenario scaled = scenario;
  const Multiply multiply{factor};
  const auto multiplied = [&](std::optional<Arrivals>& arrivals) {
    return !arrivals || std::visit(multiply, *arrivals);
  };
  bool possible = multiplied(scaled.workload.arrivals);
  for (auto& [name, request_class] : scaled.workload.requests) {
    possible = multiplied(request_class.arrivals) && possible;
  }
  return possible ? std::optional(std::move(scaled)) : std::nullopt;
}

}  // namespace cotenant
