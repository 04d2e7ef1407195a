// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: Python servers whose threads accept for themselves.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_memory.h"
#include "scenarios/fields_server.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 2> kUwsgiPresets = {"none", "uwsgi-2.0"};
inline constexpr std::array<std::string_view, 2> kCheaperAlgorithms = {"spare", "backlog"};

template <>
inline constexpr Title kTitle<UwsgiOverhead> = {
    "uwsgi_overhead",
    "CPU that the server itself spends: the name of a preset, or an object that changes some of "
    "it."};
template <>
inline constexpr Title kTitle<CheaperWorkers> = {
    "cheaper",
    "cheaper: so few processes while there is little to do. Once a second the main process looks "
    "whether there are enough."};
template <>
inline constexpr Title kTitle<Uwsgi> = {
    "uwsgi",
    "uWSGI with a master: processes whose threads each accept a request, serve it, and accept the "
    "next one."};

template <>
inline constexpr Title kTitle<ModWsgi> = {
    "mod_wsgi",
    "mod_wsgi's daemon mode: processes whose threads each accept a request from Apache, serve it, "
    "and accept the next one. Apache itself is not part of it."};

template <>
struct ShortForm<UwsgiOverhead> : NameOfPreset<UwsgiOverhead, kUwsgiPresets> {};

template <class Visitor, Same<UwsgiOverhead> T>
void fields(Visitor& v, T& overhead) {
  const char* const as_preset = "as in the preset";
  v.field("preset", overhead.preset, {.help = "Values to start from.", .choices = kUwsgiPresets});
  v.field(
      "accept", overhead.accept,
      {.help = "Until the request has been read, outside of Python's lock.", .absent = as_preset});
  v.field("start", overhead.start,
          {.help = "With the lock, until the application runs.", .absent = as_preset});
  v.field("respond", overhead.respond,
          {.help = "After it, outside of the lock, until the client has the reply.",
           .absent = as_preset});
  v.field("finish", overhead.finish, kFinishField);
  v.field("spurious_wake", overhead.spurious_wake,
          {.help = "Woken for a connection that another process took.", .absent = as_preset});
  v.field("cold_after", overhead.cold_after, kColdAfterField);
}
template <class Visitor, Same<CheaperWorkers> T>
void fields(Visitor& v, T& cheaper) {
  v.field("algorithm", cheaper.algorithm,
          {.help = "cheaper-algo: \"spare\" keeps one process more than are busy, \"backlog\" the "
                   "accept queue short.",
           .choices = kCheaperAlgorithms});
  v.field(
      "workers", cheaper.workers,
      {.help = "The fewest processes, and those that there are at first.", .whole = {1, 10'000}});
  v.field("overload", cheaper.overload,
          {.help = "cheaper-overload. With \"spare\": after more looks than this that find all "
                   "processes busy some are started, and at every so many that find several free "
                   "one is ended. With \"backlog\": some are started when more connections than "
                   "this wait, one is ended when fewer do.",
           .whole = {1, 1'000'000}});
  v.field("step", cheaper.step,
          {.help = "cheaper-step: how many are started at once.", .whole = {1, 10'000}});
}
template <class Visitor, Same<Uwsgi> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "Processes; with cheaper, the most there may be.", .whole = {1, 10'000}});
  v.field("threads", server.threads, {.help = "Threads of each.", .whole = {1, 10'000}});
  v.field(
      "backlog", server.backlog,
      {.help = "listen: connections that wait for a thread. uWSGI does not start with more than "
               "somaxconn.",
       .whole = {0, 65'535}});
  socket_field(v, server);
  v.field("thunder_lock", server.thunder_lock,
          {.help = "thunder-lock: a connection wakes one process instead of all that are idle."});
  v.field("harakiri", server.harakiri,
          {.help = "A process is killed, with all its threads, when the request that it has begun "
                   "last takes longer, and no other one of it has ended since; 0s: never. In whole "
                   "seconds.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("max_requests", server.max_requests,
          {.help = "A process that has served so many requests is replaced; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("max_requests_delta", server.max_requests_delta,
          {.help = "So many more for each process than for the one before it.",
           .whole = {0, 1'000'000}});
  v.field("min_worker_lifetime", server.min_worker_lifetime,
          {.help = "A younger process is not replaced.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("worker_reload_mercy", server.worker_reload_mercy,
          {.help = "A process that is to end, and has not finished what it holds after this time, "
                   "is killed.",
           .whole = between(seconds(1), seconds(86'400))});
  v.field("reload_on_rss", server.reload_on_rss,
          {.help = "A process that is so large after a request is replaced, and that request has "
                   "its reply; 0B: any size.",
           .whole = kAnyMemory});
  v.field("cheaper", server.cheaper,
          {.help = "Fewer processes while there is little to do.",
           .absent = "all processes are there all the time"});
  v.field("lazy_apps", server.lazy_apps,
          {.help = "lazy-apps: each process imports the application itself; otherwise the main "
                   "process does before it forks."});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<ModWsgi> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers, {.help = "processes.", .whole = {1, 10'000}});
  v.field("threads", server.threads, {.help = "Threads of each.", .whole = {1, 10'000}});
  v.field("backlog", server.backlog,
          {.help = "listen-backlog: connections that wait for a thread, which somaxconn limits.",
           .whole = {0, 65'535}});
  v.field(
      "connect_timeout", server.connect_timeout,
      {.help = "How long Apache tries to connect while there is no room for another connection; "
               "then the client is answered 503.",
       .whole = between(seconds(0), seconds(200))});
  v.field("queue_timeout", server.queue_timeout,
          {.help = "A request that has waited longer for a thread is answered 504; 0s: never.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("request_timeout", server.request_timeout,
          {.help = "A process ends whose requests have taken longer than that, on average over all "
                   "its threads; 0s: never.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("max_requests", server.max_requests,
          {.help = "maximum-requests: a process that has served so many is replaced; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("graceful_timeout", server.graceful_timeout,
          {.help = "How long a process that has served max_requests goes on, since the last of its "
                   "replies, while it is busy.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("shutdown_timeout", server.shutdown_timeout,
          {.help = "How long a process that ends may take to finish what it holds.",
           .whole = between(milliseconds(1), seconds(86'400))});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}

}  // namespace cotenant
