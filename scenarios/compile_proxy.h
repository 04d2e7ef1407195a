// SPDX-License-Identifier: Apache-2.0
//
// What stands behind a proxy, from what was said to what a run looks up.
#pragma once

#include "models/server/service.h"
#include "models/service/upstream.h"
#include "scenarios/scenario.h"

namespace cotenant {

UpstreamSpec compile_upstream(const Nginx& proxy);

// The limits of the proxy. `upstream` is what it passes requests on to.
ProxySpec compile_proxy(const Nginx& proxy, UpstreamId upstream);

}  // namespace cotenant
