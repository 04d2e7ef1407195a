// SPDX-License-Identifier: Apache-2.0
//
// Physical constants that a scenario uses without stating them, each with where it comes from. A
// preset is a named set of them; scenario files refer to presets by name and may override single
// values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "models/server/service.h"

namespace cotenant {

enum class Origin : std::uint8_t {
  defined,   // nothing physical: an idealization
  measured,  // from a recording
  assumed,   // nobody measured it; the report says so
};

struct OverheadPreset {
  std::string_view name;
  OverheadSpec overhead;
  Origin origin;
  std::string_view source;  // a sentence: what was measured where, or why it is assumed
};

// All presets for the CPU that gunicorn's sync worker spends on a request besides the application.
std::span<const OverheadPreset> overhead_presets();

// Null when there is none of that name.
const OverheadPreset* overhead_preset(std::string_view name);

}  // namespace cotenant
