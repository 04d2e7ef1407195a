// SPDX-License-Identifier: Apache-2.0
//
// Random Python servers other than gunicorn and uvicorn, for random scenarios.
#pragma once

#include "scenarios/scenario.h"
#include "tests/support/die.h"

namespace cotenant {

// What they may have.
struct WsgiChoice {
  bool many_workers = false;
  bool tiny_backlogs = false;
  bool free_threading = false;
  bool restarts = false;
  bool server_cpu = false;
  bool herd = false;
  bool overrides = false;
};

Service random_wsgi(Die& die, const WsgiChoice& choice);

// Of any server.
PhaseCost random_cost(Die& die);
Duration random_import(Die& die);

}  // namespace cotenant
