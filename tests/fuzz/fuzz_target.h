// SPDX-License-Identifier: Apache-2.0
//
// A libFuzzer target out of a law. Anything that breaks the law, throws or crashes is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace cotenant::test {

inline int hold_to_law(std::string (*broken_law)(std::string_view), const std::uint8_t* data,
                       std::size_t size) {
  // A char may alias anything; the fuzzer hands out unsigned bytes.
  const std::string broken = broken_law(std::string(data, data + size));
  if (!broken.empty()) {
    std::fputs(broken.c_str(), stderr);
    std::abort();
  }
  return 0;
}

}  // namespace cotenant::test
