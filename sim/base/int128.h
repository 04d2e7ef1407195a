// SPDX-License-Identifier: Apache-2.0
//
// 128-bit integers, spelled once so that -Wpedantic stays on everywhere else.
#pragma once

namespace cotenant {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

}  // namespace cotenant
