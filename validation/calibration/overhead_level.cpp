// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/overhead_level.h"

#include <algorithm>
#include <variant>

#include "sim/random/math.h"
#include "sim/random/sampler.h"
#include "sim/random/stream.h"

namespace cotenant {
namespace {

constexpr double kNearlyAll = 0.9;

// The same code needed 0.86 to 2.35 times its CPU in other hours (feasibility.md 1): a preset and a
// machine that differ by more than this have something else running in the group.
constexpr double kLeast = 0.1, kMost = 20;

}  // namespace

std::string overhead_preset_of(const Service& service) {
  std::string preset;
  std::visit(
      [&](const auto& server) {
        if constexpr (requires { server.overhead.preset; }) preset = server.overhead.preset;
      },
      service.server);
  return preset == "none" ? "" : preset;
}

std::optional<double> unaccounted_cpu(const Capture& capture, double cpu) {
  double accounted = 0, accounts = 0;
  for (const CapturedRequest& request : capture.requests) {
    if (!request.cpu) continue;
    accounted += in_seconds(*request.cpu);
    ++accounts;
  }
  const auto requests = static_cast<double>(capture.requests.size());
  if (accounts < kNearlyAll * requests || accounts == 0) return std::nullopt;
  const double left = cpu - accounted * requests / accounts;
  return left > 0 ? std::optional(left) : std::nullopt;
}

std::vector<Parameter> OverheadLevel::parameters() const {
  std::vector<Parameter> parameters;
  for (const char* kind : {"overhead_reply", "overhead_after"}) {
    Parameter parameter;
    parameter.kind = kind;
    parameter.of = preset;
    parameter.value = factor;
    parameter.low = factor * math::exp(-1.645 * deviation);
    parameter.high = factor * math::exp(1.645 * deviation);
    parameter.origin = "measured";
    parameter.covariance.assign(2, deviation * deviation);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::vector<double> OverheadLevel::ensemble(const Capture& capture, std::uint64_t seed,
                                            std::uint64_t members) const {
  const Stream stream = Stream::keyed(seed, 0, "overhead level", capture.name);
  const compiled::Lognormal law{factor, deviation};
  std::vector<double> values;
  for (std::uint64_t member = 0; member < members; ++member) {
    Draws draws = stream.at(member);
    values.push_back(law.draw(draws));
  }
  return values;
}

// CPU grows almost linearly with the factor: what is cheaper makes queues shorter, and code colder.
std::optional<double> overhead_factor(
    double wanted, const std::function<std::optional<double>(double)>& simulated_cpu) {
  const std::optional<double> without = simulated_cpu(0);
  if (!without) return std::nullopt;
  double factor = 1;
  for (int step = 0; step < 3; ++step) {
    const std::optional<double> with = simulated_cpu(factor);
    if (!with) return std::nullopt;
    if (!(*with > *without)) return factor;
    factor = std::clamp(factor * wanted / (*with - *without), kLeast, kMost);
  }
  return factor;
}

}  // namespace cotenant
