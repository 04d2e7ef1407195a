// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: processes that look for work themselves.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_law.h"
#include "scenarios/fields_server.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 2> kVisitOrders = {"round_robin", "priority"};
inline constexpr std::array<std::string_view, 3> kTakes = {"one", "gated", "exhaustive"};

template <>
inline constexpr Title kTitle<Poller> = {
    "poller",
    "Processes that look for work themselves: a management command in a loop, RQ, a consumer of "
    "SQS, a cron job."};

template <class Visitor, Same<Poller> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "Processes, which look one independent of the other.", .whole = {1, 10'000}});
  v.field("queues", server.queues,
          {.help = "Its queues, in the order in which they are visited. Tasks say theirs by the "
                   "key queue.",
           .max_items = 100,
           .absent = "one queue for all tasks"});
  v.field("order", server.order,
          {.help = "round_robin: each queue in turn; priority: after a visit that found something "
                   "it begins again with the first queue.",
           .choices = kVisitOrders});
  v.field("take", server.take,
          {.help = "What it does at a visit: one, the first task; gated, all tasks that are there "
                   "then; exhaustive, one after the other until none is left.",
           .choices = kTakes});
  v.field("limit", server.limit,
          {.help = "Of gated: at most so many at a visit, as LIMIT of a SELECT.",
           .whole = {1, 1'000'000},
           .absent = "all of them"});
  v.field("visit_cpu", server.visit_cpu,
          {.help = "CPU of the process at each visit, before it asks.", .source = kNotMeasured});
  v.field("visit", server.visit,
          {.help = "How long it waits then for the answer of the queue: a round trip.",
           .source = kNotMeasured});
  v.field("pause", server.pause,
          {.help = "How long it sleeps after a cycle of visits that found nothing.",
           .absent = "the next cycle begins at once"});
  v.field("every", server.every,
          {.help = "Of cron: a new process makes one cycle, and ends. The next one begins at the "
                   "next multiple of this time.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "processes stay"});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  v.field("task_overhead", server.task_overhead,
          {.help = "CPU of the framework itself for each task, before its steps.",
           .whole = between(seconds(0), seconds(3600)),
           .source = kNotMeasured});
}

}  // namespace cotenant
