// SPDX-License-Identifier: Apache-2.0
//
// A capture with something in each of its parts, to write, spoil and read.
#pragma once

#include "validation/capture/capture.h"

namespace cotenant::test {

// Two classes, three requests, two groups with three samples each, three samples of the host.
Capture small_capture();

}  // namespace cotenant::test
