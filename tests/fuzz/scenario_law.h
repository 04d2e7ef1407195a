// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every text that is given to the scenario reader. Run by libFuzzer on random
// bytes and by an ordinary test on the corpus.
#pragma once

#include <string>
#include <string_view>

namespace cotenant::test {

// Empty, or how the law was broken. May also throw Bug, which is a finding as well.
std::string broken_scenario_law(std::string_view text);

}  // namespace cotenant::test
