// SPDX-License-Identifier: Apache-2.0
//
// Steps of requests, and clients that try again, in a few words.
#pragma once

#include <cstdint>
#include <optional>

#include "models/step.h"
#include "models/workload/sender.h"

namespace cotenant {

StepSpec cpu_step(const Law& law);
StepSpec cpu_step(Duration work);
// Outside of Python's lock.
StepSpec native_step(Duration work);
StepSpec wait_step(const Law& law);
StepSpec wait_step(Duration time);

StepSpec error_step(double probability);

// Clients who try again at once, after anything but success.
RetrySpec retries_at_once(std::optional<std::uint32_t> max);
// The same after a pause, which grows by a factor.
RetrySpec retries_after(Duration pause, std::optional<std::uint32_t> max, double factor = 1);

// Nothing else runs in its event loop.
StepSpec blocking_step(Duration time);
// Its process dies.
StepSpec crash_step(double probability);
// Its process occupies more, until the request is over and for good.
StepSpec memory_step(Bytes held, Bytes leaked = Bytes(0));
// A timer of an event loop.
StepSpec sleep_step(Duration time);

}  // namespace cotenant
