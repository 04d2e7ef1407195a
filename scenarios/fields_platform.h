// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: what platforms do to the applications that they run.
#pragma once

#include "scenarios/field.h"
#include "scenarios/scenario.h"

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

template <>
inline constexpr Title kTitle<Probe> = {
    "probe",
    "A small request that a kubelet sends again and again. It needs a worker as any other request, "
    "and fails without a reply in time, or with an error."};
template <>
inline constexpr Title kTitle<Probes> = {
    "probes", "How a kubelet finds out whether a container of Kubernetes is well."};

inline constexpr Whole kProbeTime = between(seconds(0), seconds(3600));
inline constexpr Whole kProbePeriod = between(milliseconds(100), seconds(3600));
inline constexpr Whole kProbesInARow = {1, 1000};

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

template <class Visitor, Same<Probe> T>
void fields(Visitor& v, T& probe) {
  constexpr std::string_view kKubernetes = "Kubernetes";
  v.field("cpu", probe.cpu,
          {.help = "CPU of the application for the answer, besides that of its server.",
           .whole = kProbeTime,
           .source = "assumed: a view that asks nobody else"});
  v.field("wait", probe.wait,
          {.help = "How long it then waits for others, such as a database.",
           .whole = kProbeTime,
           .source = "assumed: it asks nobody"});
  v.field("initial_delay", probe.initial_delay,
          {.help = "initialDelaySeconds: from the start of the container to the first one.",
           .whole = kProbeTime,
           .source = kKubernetes});
  v.field("period", probe.period,
          {.help = "periodSeconds: from one to the next.",
           .whole = kProbePeriod,
           .source = kKubernetes});
  v.field("timeout", probe.timeout,
          {.help = "timeoutSeconds: a later reply is a failure.",
           .whole = kProbePeriod,
           .source = kKubernetes});
  v.field("failure_threshold", probe.failure_threshold,
          {.help = "failureThreshold: so many failures in a row count.",
           .whole = kProbesInARow,
           .source = kKubernetes});
  v.field("success_threshold", probe.success_threshold,
          {.help = "successThreshold: so many replies in a row, and it is ready again.",
           .whole = kProbesInARow,
           .source = kKubernetes});
}
template <class Visitor, Same<Probes> T>
void fields(Visitor& v, T& probes) {
  v.field("startup", probes.startup,
          {.help = "Once it has passed, the others begin. Who fails it is restarted.",
           .absent = "they begin with the container"});
  v.field("liveness", probes.liveness,
          {.help = "Who fails it is restarted.", .absent = "only who ends is restarted"});
  v.field("readiness", probes.readiness,
          {.help = "Who fails it gets no new connections, from load balancers and nginx neither, "
                   "until it passes.",
           .absent = "ready from the start of the container on"});
  v.field("grace", probes.grace,
          {.help = "terminationGracePeriodSeconds: so long a service that is restarted may finish "
                   "what it holds.",
           .whole = kProbeTime,
           .source = "Kubernetes"});
}

}  // namespace cotenant
