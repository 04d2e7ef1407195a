// SPDX-License-Identifier: Apache-2.0
#include "scenarios/neighborhood.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/base/assert.h"

namespace cotenant {

namespace {

// Each core of a host is sold to so many threads of others: assumed.
constexpr std::int64_t kThreadsPerCore = 4;

// How long a thread wants CPU at a time, on average: the length of a web request or two. Assumed.
constexpr Duration kOn = milliseconds(50);

struct Level {
  std::string_view name;
  double load;    // of the host by others, on average over boxes
  double box_cv;  // of that from box to box
};

constexpr std::array kLevels = {
    Level{"quiet", 0.2, 0.2},
    Level{"typical", 0.45, 0.4},
    Level{"busy", 0.7, 0.5},
    Level{"hostile", 0.95, 0.5},
};

}  // namespace

Neighbor neighborhood(std::string_view name, std::int64_t cores) {
  const auto level = std::find_if(kLevels.begin(), kLevels.end(),
                                  [&](const Level& each) { return each.name == name; });
  COTENANT_ASSERT(level != kLevels.end());
  const double share = level->load / static_cast<double>(kThreadsPerCore);
  const double off = static_cast<double>(kOn.count()) * (1 - share) / share;
  Neighbor neighbor;
  neighbor.threads = cores * kThreadsPerCore;
  neighbor.pattern = OnOff{{ExponentialLaw{kOn}},
                           {ExponentialLaw{Duration(static_cast<std::int64_t>(std::floor(off)))}}};
  neighbor.box_cv = level->box_cv;
  return neighbor;
}

}  // namespace cotenant
