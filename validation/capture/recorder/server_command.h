// SPDX-License-Identifier: Apache-2.0
//
// What the command line of a running server says of its configuration: gunicorn, uvicorn, hypercorn
// and uWSGI. Settings in files and in the environment are not seen; the environment is never read,
// because that is where secrets are.
#pragma once

#include <string>
#include <vector>

#include "validation/capture/capture.h"

namespace cotenant {

// The software is empty where it is none of them; the kind, where it is not one that is simulated.
CapturedServer server_of_command(const std::vector<std::string>& words);

}  // namespace cotenant
