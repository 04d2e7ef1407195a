// SPDX-License-Identifier: Apache-2.0
//
// Who else is on a host: neighborhoods by name, as what their threads want. Evidence and what is
// assumed: docs/models/neighborhoods.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::string_view kNeighborhoodName = "others";  // of the neighbor it is

// The neighborhood of that name on a host with so many cores. Must not be "none".
Neighbor neighborhood(std::string_view name, std::int64_t cores);

}  // namespace cotenant
