// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: what platforms do to the applications that they run.
#pragma once

#include "scenarios/field.h"
#include "scenarios/scenario_plan.h"

namespace cotenant {

inline constexpr Whole kIdleTime = between(milliseconds(1), seconds(30 * 86'400));

template <>
inline constexpr Title kTitle<IdleStop> = {
    "idle_stop",
    "Its platform stops a service that nobody asks for, and starts it again for the next request, "
    "which waits."};
template <>
inline constexpr Title kTitle<Router> = {
    "router",
    "What a platform has before all that it runs. It answers requests that take too long, and the "
    "application goes on with them."};

template <class Visitor, Same<IdleStop> T>
void fields(Visitor& v, T& stop) {
  v.field("after", stop.after,
          {.help = "So long after the last request, if none is in progress and no WebSocket open.",
           .required = true,
           .whole = kIdleTime});
  v.field("start", stop.start,
          {.help = "Until its first process begins to boot, after which the application is "
                   "imported.",
           .whole = between(seconds(0), seconds(86'400)),
           .source = "arXiv 2602.15214: a container whose image is on an SSD"});
}
template <class Visitor, Same<Router> T>
void fields(Visitor& v, T& router) {
  v.field("timeout", router.timeout,
          {.help = "How long it waits for a reply to begin, connecting included. WebSockets are "
                   "not limited.",
           .required = true,
           .whole = between(milliseconds(1), seconds(86'400))});
  v.field("status", router.status,
          {.help = "What clients get then: 503 (Heroku calls it H12), or 504.",
           .whole = {503, 504},
           .source = "Heroku"});
}

}  // namespace cotenant
