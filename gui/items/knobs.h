// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one turns when one asks "what if": the numbers of a scenario that decide about a setup,
// found in it, each with the place in the file and a range to move in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant::gui {

struct Knob {
  enum class Kind { whole, factor, duration, bytes, choice };

  std::string label;    // "workers of web"
  std::string help;     // a sentence
  std::string pointer;  // RFC 6901
  Kind kind = Kind::whole;
  bool shared = false;  // by all setups
  // The number, thousandths of a factor, nanoseconds, bytes, or the place among the choices.
  std::int64_t value = 0;
  std::int64_t low = 0, high = 0;
  std::vector<std::string> choices;

  friend bool operator==(const Knob&, const Knob&) = default;
};

// Of what all setups share, first, and of that one. None for a setup that does not exist.
std::vector<Knob> knobs_of(const Scenario& scenario, std::string_view setup);

// A slider from 0 to steps_of(): where it stands, and what that means. Whole numbers and choices
// are taken one by one, all else in equal factors.
int steps_of(const Knob& knob);
int position_of(const Knob& knob, std::int64_t value);
std::int64_t value_at(const Knob& knob, int position);

// "4", "250 ms", "1.5 GiB", "busy".
std::string shown(const Knob& knob, std::int64_t value);
// As it stands in the file: 4, "250ms".
std::string json(const Knob& knob, std::int64_t value);

}  // namespace cotenant::gui
