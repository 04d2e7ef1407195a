// SPDX-License-Identifier: Apache-2.0
//
// A broker that takes a message for lost when nobody has acknowledged it in time: Redis and SQS,
// with their visibility timeout. It delivers the message again, and its task is done twice. The
// deliveries of one message know each other, because the first acknowledgement counts for all:
// they have the same delivery tag (kombu/transport/redis.py, restore_by_tag() and ack()).
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// A worker has reserved it.
void expect_acknowledgement(World& world, const CelerySpec& server, CeleryState& celery,
                            RequestId task);

// Nothing is delivered again of what is on the way now.
void acknowledge(World& world, CeleryState& celery, RequestId task);

// One of the deliveries has been worked on to its end, which is the result of them all. What the
// sender waits for is another one: then he hears of it.
void answer(World& world, CeleryState& celery, RequestId task, Outcome outcome, Effects& effects);

// He will, and needs not be told when this one is over at the same instant.
bool is_answered(const World& world, const CeleryState& celery, RequestId task);

// The task has left.
void forget_delivery(CeleryState& celery, RequestId task);

// It was not acknowledged in time. What is delivered then is at the server, and nobody waits for
// it: a request that has ended.
RequestId deliver_again(World& world, ServiceState& service, RequestId task);

}  // namespace cotenant
