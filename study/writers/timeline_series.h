// SPDX-License-Identifier: Apache-2.0
//
// All rows of values of a timeline alike, with their names and units, in a fixed order: for writers
// and for charts that let one choose.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "study/timeline.h"

namespace cotenant {

struct NamedSeries {
  std::string_view of;        // "requests", "service", "group", "machine", "disk"
  std::string subject;        // "web", "vps", "vps/tenant"; empty: all, the hardware, its root
  std::string_view quantity;  // "memory_peak"
  std::string_view unit;      // "count", "s", "cores", "B", "B/s", "ratio", "requests", "IOs"
};

// Series without any value are left out.
void for_each_series(const Timeline& timeline,
                     const std::function<void(const NamedSeries&, const PartialSeries&)>& visit);

}  // namespace cotenant
