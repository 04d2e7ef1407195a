// SPDX-License-Identifier: Apache-2.0
//
// Calls of one service to another: the compiled form of `call` and `together` steps. What happens
// with them is in models/service/calls.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/ids.h"
#include "models/workload/sender.h"
#include "sim/base/units.h"

namespace cotenant {

// A place in the code from which calls are made.
struct CallSpec {
  std::string name;     // stable: keys the random streams
  ClassId operation;    // with an upstream, of the first of its servers; those of the others follow
  UpstreamId upstream;  // of a proxy; none: a call of an application
  SenderSpec sender;
  std::uint32_t count = 1;
  bool parallel = false;                // all of them at once; otherwise one after the other
  double probability = 1;               // that a call is made at all
  bool failure_is_ignored = false;      // otherwise the caller fails
  bool is_sent = false;                 // a task or a probe: no request waits for it
  bool is_probe = false;                // of a kubelet
  std::optional<Duration> hedge_after;  // without a reply, the same is asked a second time
};

// Those of one step, which begin together.
struct CallRange {
  CallSpecId first;
  std::uint32_t count = 0;
};

}  // namespace cotenant
