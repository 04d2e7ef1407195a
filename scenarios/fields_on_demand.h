// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: servers whose processes are started when they are needed.
#pragma once

#include "scenarios/field.h"
#include "scenarios/fields_server.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

template <>
inline constexpr Title kTitle<Passenger> = {
    "passenger",
    "Passenger: processes of one request at a time, started while all are busy and ended when they "
    "have had nothing to do, behind a queue of its own."};
template <>
inline constexpr Title kTitle<FastCgi> = {
    "fastcgi",
    "FastCGI: processes of one request at a time that a web server starts when it needs them, and "
    "keeps for a while."};
template <>
inline constexpr Title kTitle<Cgi> = {
    "cgi", "CGI: a new process for each request, which imports the application first."};

template <class Visitor, class Server>
void instance_fields(Visitor& v, Server& server) {
  v.field("max_requests", server.max_requests,
          {.help = "A process that has served so many requests ends; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<Passenger> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "max_pool_size: the most processes.", .whole = {1, 10'000}});
  v.field("min_instances", server.min_instances,
          {.help = "Processes that are kept, and there at first.", .whole = {0, 10'000}});
  v.field(
      "queue", server.queue,
      {.help = "max_request_queue_size: requests that wait for a process; more are answered 503.",
       .whole = {0, 1'000'000}});
  v.field("idle_time", server.idle_time,
          {.help = "pool_idle_time: a process that has had nothing to do for so long ends; 0s: "
                   "never.",
           .whole = between(seconds(0), seconds(86'400))});
  instance_fields(v, server);
}
template <class Visitor, Same<FastCgi> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "The most processes.", .required = true, .whole = {1, 10'000}});
  v.field("queue", server.queue,
          {.help = "Requests that wait for a process; more are answered 503.",
           .required = true,
           .whole = {0, 1'000'000}});
  v.field("idle_time", server.idle_time,
          {.help = "A process that has had nothing to do for so long ends; 0s: never.",
           .required = true,
           .whole = between(seconds(0), seconds(86'400))});
  instance_fields(v, server);
}
template <class Visitor, Same<Cgi> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "The most processes at once.", .required = true, .whole = {1, 10'000}});
  v.field("queue", server.queue,
          {.help = "Requests that wait for a process; more are answered 503.",
           .required = true,
           .whole = {0, 1'000'000}});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
}

}  // namespace cotenant
