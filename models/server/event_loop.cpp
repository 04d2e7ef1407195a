// SPDX-License-Identifier: Apache-2.0
#include "models/server/event_loop.h"

namespace cotenant {

namespace {

constexpr Callback kAccept{Callback::Kind::accept, RequestId::none()};

}  // namespace

void EventLoop::go_on_with(Callback callback) {
  if (!is_hub()) return call_soon(callback);
  ready_.push_front_growing(callback);
  ++todo_;
}

bool EventLoop::begin_iteration(bool connections_wait) {
  COTENANT_ASSERT(todo_ == 0);
  if (is_hub()) {
    look_as_libev(connections_wait);
  } else {
    if (connections_wait) call_soon(kAccept);
    while (!io_.empty()) call_soon(io_.pop());
    while (!due_.empty()) call_soon(due_.pop());
  }
  todo_ = ready_.size();
  return todo_ > 0;
}

// ev_invoke_pending() takes the pending event that came last; timers come after I/O, in reverse
// order (timers_reify()).
void EventLoop::look_as_libev(bool connections_wait) {
  while (!due_.empty()) call_soon(due_.pop());
  while (!io_.empty()) call_soon(io_.pop_last());
  if (connections_wait) call_soon(kAccept);
}

Callback EventLoop::next() {
  COTENANT_ASSERT(todo_ > 0);
  --todo_;
  running_ = ready_.pop();
  if (running_.kind == Callback::Kind::accept) accepted = 0;
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
  accepted = 0;
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
