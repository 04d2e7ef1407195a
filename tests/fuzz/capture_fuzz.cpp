// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: capture_fuzz tests/fuzz/corpus/capture.
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/recording_law.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cotenant::test::hold_to_law(cotenant::test::broken_capture_law, data, size);
}
