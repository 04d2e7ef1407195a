// SPDX-License-Identifier: Apache-2.0
#include "models/server/event_loop.h"

namespace cotenant {

bool EventLoop::begin_iteration(bool connections_wait) {
  COTENANT_ASSERT(todo_ == 0);
  if (connections_wait) call_soon({Callback::Kind::accept, RequestId::none()});
  while (!io_.empty()) call_soon(io_.pop());
  while (!due_.empty()) call_soon(due_.pop());
  todo_ = ready_.size();
  return todo_ > 0;
}

Callback EventLoop::next() {
  COTENANT_ASSERT(todo_ > 0);
  --todo_;
  running_ = ready_.pop();
  return running_;
}

Instant EventLoop::awake_for_timer(Instant due) const {
  return first_tick(asleep_since_, milliseconds(1), due);
}

void EventLoop::clear() {
  ready_.clear();
  io_.clear();
  due_.clear();
  todo_ = 0;
  running_ = {};
  tasks = 0;
  calls = 0;
}

void EventLoop::hash_into(Hasher& hasher) const {
  ready_.hash_into(hasher);
  hasher.add(todo_);
  io_.hash_into(hasher);
  hasher.add(due_.size());
  due_.for_each([&](const Callback& callback) {
    const bool of_request = callback.connection.is_none();
    hasher.add(of_request ? callback.request.index() : callback.connection.index());
  });
  hash_entry(hasher, running_);
  hasher.add_signed(asleep_since_.ns());
  hasher.add(static_cast<std::uint64_t>(tasks) << 32 | calls);
}

}  // namespace cotenant
