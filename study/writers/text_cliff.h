// SPDX-License-Identifier: Apache-2.0
//
// How far the cliff is, and what one falls over, in sentences.
#pragma once

#include <string>

#include "study/cliff.h"

namespace cotenant {

std::string cliff_sentence(const Cliff& cliff);

}  // namespace cotenant
