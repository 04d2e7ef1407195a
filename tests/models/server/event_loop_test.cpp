// SPDX-License-Identifier: Apache-2.0
//
// What an iteration of an asyncio event loop runs, in which order, and how long an idle loop
// sleeps.
#include "models/server/event_loop.h"

#include <gtest/gtest.h>

#include <vector>

namespace cotenant {
namespace {

using Kind = Callback::Kind;

RequestId request(std::uint32_t id) { return RequestId(id); }

// Begins an iteration and runs it; what its callbacks append is said by f.
template <class F>
std::vector<Callback> iteration(EventLoop& loop, bool connections_wait, F f) {
  std::vector<Callback> ran;
  loop.begin_iteration(connections_wait);
  while (!loop.iteration_is_over()) {
    ran.push_back(loop.next());
    f(ran.back());
  }
  return ran;
}
std::vector<Callback> iteration(EventLoop& loop, bool connections_wait = false) {
  return iteration(loop, connections_wait, [](const Callback&) {});
}

TEST(EventLoop, RunsWhatIsReadyThenIoThenTimers) {
  EventLoop loop;
  loop.timer_due({Kind::wake, request(1)});
  loop.io_ready({Kind::receive, request(2)});
  loop.call_soon({Kind::run, request(3)});
  loop.timer_due({Kind::wake, request(4)});
  loop.io_ready({Kind::wake, request(5)});
  loop.call_soon({Kind::run, request(6)});
  EXPECT_EQ(iteration(loop, true), (std::vector<Callback>{{Kind::run, request(3)},
                                                          {Kind::run, request(6)},
                                                          {Kind::accept, RequestId::none()},
                                                          {Kind::receive, request(2)},
                                                          {Kind::wake, request(5)},
                                                          {Kind::wake, request(1)},
                                                          {Kind::wake, request(4)}}));
}

TEST(EventLoop, RunsInAnIterationOnlyWhatWasThereWhenItBegan) {
  EventLoop loop;
  loop.call_soon({Kind::run, request(1)});
  loop.call_soon({Kind::run, request(2)});
  const auto first = iteration(loop, false, [&](const Callback& callback) {
    loop.call_soon({Kind::close, callback.request});
    loop.io_ready({Kind::receive, callback.request});
  });
  EXPECT_EQ(first.size(), 2u);
  EXPECT_EQ(iteration(loop), (std::vector<Callback>{{Kind::close, request(1)},
                                                    {Kind::close, request(2)},
                                                    {Kind::receive, request(1)},
                                                    {Kind::receive, request(2)}}));
  EXPECT_FALSE(loop.begin_iteration(false));
}

// From 10.2 ms on: 0.1 us, exactly 3 ms, and 1 ns more.
TEST(EventLoop, SleepsForWholeMilliseconds) {
  EventLoop loop;
  const Instant asleep = Instant() + microseconds(10'200);
  loop.sleep(asleep);
  EXPECT_EQ(loop.awake_for_timer(asleep), asleep);
  EXPECT_EQ(loop.awake_for_timer(asleep + Duration(100)), asleep + milliseconds(1));
  EXPECT_EQ(loop.awake_for_timer(asleep + milliseconds(3)), asleep + milliseconds(3));
  EXPECT_EQ(loop.awake_for_timer(asleep + milliseconds(3) + Duration(1)), asleep + milliseconds(4));
}

TEST(EventLoop, IsHashedByWhatItWillDo) {
  const auto hash = [](const EventLoop& loop) {
    Hasher hasher;
    loop.hash_into(hasher);
    return hasher.value();
  };
  EventLoop one, other;
  EXPECT_EQ(hash(one), hash(other));
  one.call_soon({Kind::run, request(1)});
  EXPECT_NE(hash(one), hash(other));
  other.io_ready({Kind::run, request(1)});
  EXPECT_NE(hash(one), hash(other));
}

}  // namespace
}  // namespace cotenant
