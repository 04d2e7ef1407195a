// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every file that is given to `cotenant import`. Run by libFuzzer on random
// bytes and by an ordinary test on the corpus.
#pragma once

#include <string>
#include <string_view>

namespace cotenant::test {

// Empty, or how the law was broken. May also throw Bug, which is a finding as well.
std::string broken_import_law(std::string_view bytes);

}  // namespace cotenant::test
