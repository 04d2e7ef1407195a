// SPDX-License-Identifier: Apache-2.0
//
// The law: a text is refused with reasons that can be shown, or it is a scenario whose canonical
// text means the same.
#include "tests/fuzz/scenario_law.h"

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "tests/fuzz/message_law.h"

namespace cotenant::test {

std::string broken_scenario_law(std::string_view text) {
  const Checked<Scenario> scenario = decode(text);
  if (!scenario.ok()) return broken_message_law(scenario.diagnostics());
  const std::string canonical = encode(*scenario);
  const Checked<Scenario> again = decode(canonical);
  if (!again.ok())
    return "the canonical text is refused: " + render(again.diagnostics(), canonical);
  if (*again != *scenario) return "the canonical text means something else: " + canonical;
  if (encode(*again) != canonical) return "the canonical text is not stable: " + canonical;
  if (scenario_hash(*again) != scenario_hash(*scenario)) return "the hash differs";
  return "";
}

}  // namespace cotenant::test
