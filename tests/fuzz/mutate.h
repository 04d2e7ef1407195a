// SPDX-License-Identifier: Apache-2.0
//
// Valid texts spoiled at random but repeatably: by bytes, and by the tokens of JSON, which reaches
// behind the parser; digits become others, which reaches the models. Knows nothing of scenarios.
#pragma once

#include <cstdint>
#include <string>

namespace cotenant::test {

// One to three mutations: a byte flipped, a part cut off, removed or repeated, a key twice, two
// values swapped, a number of any size, deep nesting, bytes that are not UTF-8. The same for the
// same number.
std::string mutated(const std::string& text, std::uint64_t number);

}  // namespace cotenant::test
