// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C and SIGTERM ask for a clean end; the second one ends the process at once. A closed pipe is
// an error of write(2) instead of a signal, so that it can be reported.
#pragma once

#include "cli/environment.h"

namespace cotenant {

// Handlers are a property of the process, so the request they set is too: the same one each time.
StopRequest& handle_signals();

}  // namespace cotenant
