// SPDX-License-Identifier: Apache-2.0
//
// Why some rows of the oracles are not checked: what Cotenant does not model yet, or does not
// report.
#pragma once

#include <string>

#include "tests/oracle/row.h"

namespace cotenant::oracle {

// Empty when there is no reason to leave the row out.
std::string why_not_covered(const Row& row);

}  // namespace cotenant::oracle
