// SPDX-License-Identifier: Apache-2.0
//
// From the typed Scenario back to text, in canonical form: decode(encode(s)) equals s for every
// valid scenario. Comments and the order of keys in the original file are not kept.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/scenario.h"

namespace cotenant {

// Keys in the order of the field table; members that have their default are left out.
std::string encode(const Scenario& scenario);

// Of the meaning: formatting, the order of keys and the place of the schema do not matter,
// spelled-out defaults neither; another default in another version does.
std::uint64_t scenario_hash(const Scenario& scenario);

}  // namespace cotenant
