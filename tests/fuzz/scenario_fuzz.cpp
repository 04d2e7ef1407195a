// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target for the scenario reader: scenario_fuzz tests/fuzz/corpus/scenario. Anything that
// breaks the law, throws or crashes is a finding.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/scenario_law.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A char may alias anything; the fuzzer hands out unsigned bytes.
  const std::string text(data, data + size);
  const std::string broken = cotenant::test::broken_scenario_law(text);
  if (!broken.empty()) {
    std::fputs(broken.c_str(), stderr);
    std::abort();
  }
  return 0;
}
