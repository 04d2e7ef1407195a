// SPDX-License-Identifier: Apache-2.0
#include "tests/support/blueprint_steps.h"

namespace cotenant {

StepSpec cpu_step(const Law& law) { return {StepSpec::Kind::cpu, Sampler(law)}; }
StepSpec cpu_step(Duration work) {
  return cpu_step(law::Constant{static_cast<double>(work.count())});
}

StepSpec native_step(Duration work) {
  StepSpec step = cpu_step(work);
  step.gil = false;
  return step;
}

StepSpec wait_step(const Law& law) { return {StepSpec::Kind::wait, Sampler(law)}; }
StepSpec wait_step(Duration time) {
  return wait_step(law::Constant{static_cast<double>(time.count())});
}

StepSpec error_step(double probability) {
  StepSpec step{StepSpec::Kind::error, {}};
  step.probability = probability;
  return step;
}

RetrySpec retries_at_once(std::optional<std::uint32_t> max) {
  RetrySpec spec;
  spec.max = max;
  for (std::size_t i = 0; i < kOutcomes; ++i) spec.on[i] = is_error(static_cast<Outcome>(i));
  spec.backoff.cap = seconds(1'000'000);
  return spec;
}

RetrySpec retries_after(Duration pause, std::optional<std::uint32_t> max, double factor) {
  RetrySpec spec = retries_at_once(max);
  spec.backoff.base = Sampler(law::Constant{static_cast<double>(pause.count())});
  spec.backoff.factor = factor;
  return spec;
}

StepSpec blocking_step(Duration time) {
  StepSpec step = wait_step(time);
  step.blocking = true;
  return step;
}

StepSpec crash_step(double probability) {
  StepSpec step = error_step(probability);
  step.kind = StepSpec::Kind::crash;
  return step;
}

StepSpec memory_step(Bytes held, Bytes leaked) {
  StepSpec step{StepSpec::Kind::memory, {}};
  step.memory = {held, leaked, false};
  return step;
}

StepSpec sleep_step(Duration time) {
  StepSpec step = wait_step(time);
  step.kind = StepSpec::Kind::sleep;
  return step;
}

}  // namespace cotenant
