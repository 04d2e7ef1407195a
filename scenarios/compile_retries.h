// SPDX-License-Identifier: Apache-2.0
//
// How clients try again, compiled.
#pragma once

#include "models/workload/retry.h"
#include "scenarios/scenario.h"

namespace cotenant {

RetrySpec compile_retries(const Retries& retries);

}  // namespace cotenant
