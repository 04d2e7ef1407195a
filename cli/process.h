// SPDX-License-Identifier: Apache-2.0
//
// The environment of this process: standard streams, terminals and their widths, NO_COLOR, cores.
#pragma once

#include "cli/environment.h"

namespace cotenant {

Environment process_environment(StopRequest& stop_request);

}  // namespace cotenant
