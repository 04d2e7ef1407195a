// SPDX-License-Identifier: Apache-2.0
//
// What time it is for a recorder, given from outside: a test has a clock of its own.
#pragma once

#include <functional>

#include "sim/base/units.h"

namespace cotenant {

struct RecorderClock {
  std::function<Duration()> steady;                  // since some instant; never goes back
  std::function<Duration()> wall;                    // since 1970
  std::function<CpuTime()> own_cpu;                  // of this process
  std::function<void(Duration steady)> sleep_until;  // or until a signal comes
};

}  // namespace cotenant
