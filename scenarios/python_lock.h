// SPDX-License-Identifier: Apache-2.0
//
// Whether the threads of a process of a server share Python's global lock.
#pragma once

#include "scenarios/scenario_application.h"

namespace cotenant {

template <class Server>
bool shares_a_lock(const Server& server) {
  if constexpr (requires { server.gil; }) return server.gil;
  return false;
}

// Without threads uWSGI leaves Python's to themselves.
inline bool shares_a_lock(const Uwsgi& server) { return server.gil && server.threads > 1; }

}  // namespace cotenant
