// SPDX-License-Identifier: Apache-2.0
//
// The law: a text is refused with reasons that can be shown, or it is a scenario whose canonical
// text means the same.
#include "tests/fuzz/scenario_law.h"

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "scenarios/syntax_error.h"

namespace cotenant::test {

std::string broken_scenario_law(std::string_view text) {
  const Checked<Scenario> scenario = decode(text);
  if (!scenario.ok()) {
    const std::string messages = render(scenario.diagnostics(), "fuzz.json");
    if (messages.empty()) return "refused without a reason";
    // Messages go to terminals and into JSON reports.
    if (find_bad_byte(messages)) return "a message is not UTF-8";
    if (messages.find('\x1b') != std::string::npos) return "a message controls the terminal";
    return "";
  }
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
