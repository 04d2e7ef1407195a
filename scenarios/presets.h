// SPDX-License-Identifier: Apache-2.0
//
// What a scenario assumes without saying it, to be looked at: the presets of what servers cost, and
// the defaults of servers and of what surrounds them, with their software, values and sources. Read
// from the tables that the simulation uses: scenarios/parameters.h and the field table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/parameters.h"

namespace cotenant {

enum class PresetKind : std::uint8_t {
  overhead,   // CPU that a server itself spends: a name that scenarios use
  defaults,   // of a kind of object in a scenario
  constants,  // that no scenario can change
  restarts,   // of a service whose main process has ended: a name that setups use
};

struct PresetValue {
  std::string key;
  std::string json;     // as a scenario would say it, or null
  std::string text;     // the same for people: "50us hot, 165us cold"
  std::string source;   // of an overhead: the name of its Origin
  std::string meaning;  // the sentence of the field table
};

struct Preset {
  std::string name;
  PresetKind kind = PresetKind::overhead;
  std::string meaning;
  std::string software;              // with its version
  std::string source;                // where the values come from that do not say it themselves
  std::vector<std::string> used_by;  // of an overhead: the kinds of servers
  std::vector<PresetValue> values;
};

std::vector<Preset> presets();

std::string presets_json(const std::vector<Preset>& presets);

}  // namespace cotenant
