// SPDX-License-Identifier: Apache-2.0
//
// Celery: a broker with a queue of tasks, and workers that reserve some of them ahead and leave
// them to the processes of their pools. What is reserved waits for that worker, even beside an idle
// one; a task whose process dies is lost unless it is acknowledged late. Mechanism, sources and
// assumptions: docs/models/background.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

void start_celery(World& world, const Blueprint& blueprint, ServiceId service);

// A task comes to the broker, for the first time or again.
void on_connect_celery(World& world, const Blueprint& blueprint, RequestId task, Effects& effects);

// A process of a pool has got the CPU that it asked for, or a wait step is over.
void on_child_ran(World& world, const Blueprint& blueprint, WorkerId child, const BurstTimes& burst,
                  Effects& effects);
void on_child_waited(World& world, const Blueprint& blueprint, WorkerId child, Effects& effects);

// It has worked on the task for as long as it may.
void on_time_limit(World& world, const Blueprint& blueprint, RequestId task, Effects& effects);

// The kernel kills the process for its memory, and its task is lost.
void kill_child(World& world, const Blueprint& blueprint, WorkerId child, Effects& effects);

// The broker takes it for lost.
void on_task_visible(World& world, const Blueprint& blueprint, RequestId task, Effects& effects);

// What the sender does not see: the broker delivers a task again that its process took along.
bool is_delivered_again(const World& world, const Blueprint& blueprint, RequestId task,
                        Outcome outcome);

}  // namespace cotenant
