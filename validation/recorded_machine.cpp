// SPDX-License-Identifier: Apache-2.0
#include "validation/recorded_machine.h"

#include "sim/random/sampler.h"

namespace cotenant {
namespace {

constexpr Duration kClientShare = microseconds(74);  // 85 us / 1.16, see the header

Duration scaled(Duration time, double factor) {
  return duration_from_nanoseconds(static_cast<double>(time.count()) * factor);
}

}  // namespace

void like_the_recorded_machine(KernelParameters& kernel, double overhead_factor) {
  kernel.base_slice = default_base_slice(kRecordedCpus);
  for (IdleWake::Step& step : kernel.idle_wake.steps) {
    step.latency = scaled(step.latency, overhead_factor);
  }
}

Duration client_share(double overhead_factor) { return scaled(kClientShare, overhead_factor); }

}  // namespace cotenant
