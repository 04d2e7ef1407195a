// SPDX-License-Identifier: Apache-2.0
//
// Who looks after the processes of a server, and when they end, compiled.
#pragma once

#include "models/server/service.h"
#include "scenarios/scenario.h"

namespace cotenant {

ArbiterSpec arbiter_of(const GunicornArbiter& said);
ArbiterSpec arbiter_of(const Uvicorn& server);
ArbiterSpec arbiter_of(const GunicornUvicorn& server);
ArbiterSpec arbiter_of(const Hypercorn& server);
ArbiterSpec arbiter_of(const Uwsgi& server);
ArbiterSpec arbiter_of(const ModWsgi& server);

}  // namespace cotenant
