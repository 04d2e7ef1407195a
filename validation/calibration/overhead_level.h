// SPDX-License-Identifier: Apache-2.0
//
// How much the server itself costs in a capture, as a factor for its preset: what the kernel
// counted, less what the log says of the application's own CPU. Never from latencies.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/parameter_set.h"
#include "scenarios/scenario.h"
#include "validation/capture/capture.h"

namespace cotenant {

// The preset of a service that costs something itself; empty: it has none.
std::string overhead_preset_of(const Service& service);

// CPU seconds of all requests that no application's account has, of `cpu` in all. None unless
// nearly all requests have such an account, and it is less than that.
std::optional<double> unaccounted_cpu(const Capture& capture, double cpu);

struct OverheadLevel {
  std::string preset;
  double factor = 1;
  double deviation = 0;  // standard deviation of its logarithm

  // Of the code before the reply and after it, which nothing here tells apart.
  std::vector<Parameter> parameters() const;
  // The same for captures that might have been made instead.
  std::vector<double> ensemble(const Capture& capture, std::uint64_t seed,
                               std::uint64_t members) const;
};

// The factor at which a simulation spends `wanted` CPU seconds on the server itself;
// simulated_cpu(factor) is what it spends in all, none when it was stopped.
std::optional<double> overhead_factor(
    double wanted, const std::function<std::optional<double>(double)>& simulated_cpu);

}  // namespace cotenant
