// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/recorded_machine.h"

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

Disk recorded_disk() {
  Disk disk;
  disk.kind = "nvme";
  disk.read_latency = disk.write_latency = DurationLaw{LognormalLaw{microseconds(180), 0.3}};
  disk.flush = DurationLaw{ConstantLaw{microseconds(50)}};
  disk.read_bandwidth = disk.write_bandwidth = LinkSpeed{900'000'000};
  disk.queue_depth = 128;
  return disk;
}

Duration client_share(double overhead_factor) { return scaled(kClientShare, overhead_factor); }

}  // namespace cotenant
