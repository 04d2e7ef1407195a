// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: gunicorn's gevent worker and hypercorn. The fields that all servers of event
// loops have, and those of gunicorn's main process, are in scenarios/fields_application.h.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_server.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 2> kGeventPresets = {"none", "gunicorn-20.1-gevent"};
inline constexpr std::array<std::string_view, 2> kHypercornPresets = {"none", "hypercorn-0.13-h11"};
inline constexpr std::array<std::string_view, 2> kHypercornVersions = {"0.13", "0.18"};

template <>
inline constexpr Title kTitle<GeventOverhead> = {
    "gevent_overhead",
    "CPU that the server itself spends: the name of a preset, or an object that changes some of "
    "it."};
template <>
inline constexpr Title kTitle<GunicornGevent> = {
    "gunicorn_gevent",
    "gunicorn with gevent workers: in each process one thread runs a greenlet for each connection, "
    "and goes on with another one whenever one waits."};
template <>
inline constexpr Title kTitle<HypercornOverhead> = {
    "hypercorn_overhead",
    "CPU that the server itself spends: the name of a preset, or an object that changes some of "
    "it."};
template <>
inline constexpr Title kTitle<Hypercorn> = {
    "hypercorn",
    "hypercorn: one event loop per process, and a pool of threads for handlers that are not "
    "asynchronous."};

template <>
struct ShortForm<GeventOverhead> : NameOfPreset<GeventOverhead, kGeventPresets> {};
template <>
struct ShortForm<HypercornOverhead> : NameOfPreset<HypercornOverhead, kHypercornPresets> {};

template <class Visitor, Same<GeventOverhead> T>
void fields(Visitor& v, T& overhead) {
  const char* const as_preset = "as in the preset";
  v.field("preset", overhead.preset, {.help = "Values to start from.", .choices = kGeventPresets});
  v.field(
      "wake", overhead.wake,
      {.help = "Of the hub that slept, until it runs what it was woken for.", .absent = as_preset});
  v.field("accept", overhead.accept,
          {.help = "For each connection, until its greenlet reads.", .absent = as_preset});
  v.field("start", overhead.start,
          {.help = "Reading and parsing, until the application runs.", .absent = as_preset});
  reply_phase_fields(v, overhead);
}
template <class Visitor, Same<GunicornGevent> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "Worker processes.", .required = true, .whole = {1, 10'000}});
  v.field("worker_connections", server.worker_connections,
          {.help = "Connections that a process holds at most, a greenlet each.",
           .whole = {1, 100'000}});
  keep_alive_field(v, server);
  v.field("backlog", server.backlog, kBacklogField);
  socket_field(v, server);
  nofile_field(v, server);
  fields(v, server.arbiter);
  v.field("graceful_timeout", server.graceful_timeout,
          {.help = "How long a worker that is to be replaced may finish what it holds.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<HypercornOverhead> T>
void fields(Visitor& v, T& overhead) {
  v.field("preset", overhead.preset,
          {.help = "Values to start from.", .choices = kHypercornPresets});
  loop_phase_fields(v, overhead);
}
template <class Visitor, Same<Hypercorn> T>
void fields(Visitor& v, T& server) {
  loop_fields(v, server);
  v.field(
      "version", server.version,
      {.help =
           "Of hypercorn: 0.13 goes on without a worker that has died, and since 0.16 all of it "
           "ends.",
       .choices = kHypercornVersions,
       .source = kVersionChosen});
  v.field("max_requests", server.max_requests,
          {.help = "A worker that is asked for one more than that ends; 0: never. Since 0.16.",
           .whole = {0, 1'000'000'000}});
  v.field("max_requests_jitter", server.max_requests_jitter,
          {.help = "For each new worker a number up to this is drawn and added to max_requests.",
           .whole = {0, 1'000'000'000}});
  v.field("graceful_timeout", server.graceful_timeout,
          {.help = "How long a worker that ends may finish what it holds.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}

}  // namespace cotenant
