// SPDX-License-Identifier: Apache-2.0
//
// The scenarios of the benchmarks with several services, as a user would write them.
#pragma once

#include <cstdint>
#include <string>

namespace cotenant {

// A proxy of eight processes before a cache of two, which keep their connections: the example that
// uqSim ships (des-performance.md section 5). 20,000 requests a second for `seconds`.
std::string two_tier_scenario(std::uint64_t seconds);

// A gateway and the twelve services behind it, in three layers: six applications, two Redis and
// four of other people, each asked once for a page. 300 pages a second.
std::string twelve_services_scenario(std::uint64_t seconds);

}  // namespace cotenant
