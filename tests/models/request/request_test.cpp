// SPDX-License-Identifier: Apache-2.0
//
// The account of one request, and the table of those in the system.
#include "models/request/request.h"

#include <gtest/gtest.h>

#include <vector>

namespace cotenant {
namespace {

Duration time_in(const Request& request, WaitState state) {
  return request.times[static_cast<std::size_t>(state)];
}

std::uint64_t hash_of(const RequestTable& table) {
  Hasher hasher;
  table.hash_into(hasher);
  return hasher.value();
}

TEST(Account, BooksTheTimeUnderTheStateThatIsLeft) {
  Request request;
  request.arrival = request.since = Instant(100);
  enter(request, WaitState::syn_retry, Instant(130));
  enter(request, WaitState::accept_queue, Instant(180));
  enter(request, WaitState::wait, Instant(181));
  EXPECT_EQ(time_in(request, WaitState::accept_queue), Duration(31));  // 30 at first, 1 later
  EXPECT_EQ(time_in(request, WaitState::syn_retry), Duration(50));
  EXPECT_EQ(request.since, Instant(181));
  enter(request, WaitState::cpu, Instant(200));
  EXPECT_EQ(time_in(request, WaitState::accept_queue), Duration(31));
  EXPECT_EQ(time_in(request, WaitState::wait), Duration(19));
}

TEST(Account, DividesABurst) {
  Request request;
  request.state = WaitState::cpu;
  request.since = Instant(10);
  book_burst(request, {Duration(4), Duration(3), Duration(2), Duration(1)}, Instant(20));
  EXPECT_EQ(time_in(request, WaitState::cpu), Duration(4));
  EXPECT_EQ(time_in(request, WaitState::run_queue), Duration(3));
  EXPECT_EQ(time_in(request, WaitState::throttled), Duration(2));
  EXPECT_EQ(time_in(request, WaitState::stolen), Duration(1));
  request.state = WaitState::server_cpu;
  book_burst(request, {Duration(5), {}, {}, {}}, Instant(25));
  EXPECT_EQ(time_in(request, WaitState::server_cpu), Duration(5));
  EXPECT_EQ(time_in(request, WaitState::cpu), Duration(4));
}

// 3 ns of the server's code, 4 of the application, and 2 of the server's again.
TEST(Account, DividesABurstThatIsMoreThanTheApplication) {
  Request planned;
  planned.state = WaitState::cpu;
  planned.burst = {Duration(3), Duration(4)};
  for (const auto& [so_far, application] : {std::pair{2, 0}, {5, 2}, {7, 4}, {9, 4}}) {
    Request request = planned;
    book_burst(request, {Duration(so_far), {}, {}, {}}, Instant(so_far));
    EXPECT_EQ(time_in(request, WaitState::cpu), Duration(application)) << so_far;
    EXPECT_EQ(time_in(request, WaitState::server_cpu), Duration(so_far - application)) << so_far;
    EXPECT_EQ(request.burst.before, Duration(0)) << "the next burst has a plan of its own";
  }
}

TEST(Account, RefusesABurstThatLeavesTimeUnexplained) {
  Request request;
  EXPECT_THROW(book_burst(request, {Duration(4), {}, {}, {}}, Instant(5)), Bug);
}

TEST(RequestTable, ReusesRows) {
  RequestTable table;
  const RequestId first = table.add();
  const RequestId second = table.add();
  EXPECT_NE(first, second);
  table.remove(first);
  EXPECT_EQ(table.live(), 1u);
  EXPECT_EQ(table.add(), first);
  EXPECT_EQ(table.live(), 2u);
}

TEST(RequestTable, ForgetsWhatWasInARow) {
  RequestTable table;
  const RequestTable fresh = [] {
    RequestTable other;
    other.add();
    return other;
  }();
  const RequestId id = table.add();
  table[id].ordinal = 7;
  table[id].ended = true;
  enter(table[id], WaitState::wait, Instant(5));
  EXPECT_NE(hash_of(table), hash_of(fresh));
  table.remove(id);
  EXPECT_EQ(table.add(), id);
  EXPECT_EQ(hash_of(table), hash_of(fresh));
}

TEST(RequestTable, KnowsWhoHasLeft) {
  RequestTable table;
  const RequestId id = table.add();
  table.remove(id);
  EXPECT_THROW(table[id], Bug);
  EXPECT_THROW(table.remove(id), Bug);
}

TEST(RequestTable, VisitsThoseInTheSystem) {
  RequestTable table;
  std::vector<RequestId> ids;
  for (std::uint64_t i = 0; i < 5; ++i) {
    ids.push_back(table.add());
    table[ids.back()].ordinal = i;
  }
  table.remove(ids[1]);
  table.remove(ids[4]);
  std::vector<std::uint64_t> seen;
  table.for_each([&](RequestId, const Request& request) { seen.push_back(request.ordinal); });
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 2, 3}));
}

TEST(RequestTable, HashesWhatIsInItAndNotWhatWas) {
  RequestTable table;
  table.add();
  RequestTable other = table;
  other.remove(other.add());
  EXPECT_EQ(hash_of(table), hash_of(other));
  other.add();
  EXPECT_NE(hash_of(table), hash_of(other));
}

TEST(RequestHash, SeesEveryPartOfTheAccount) {
  const auto hash = [](const Request& request) {
    Hasher hasher;
    request.hash_into(hasher);
    return hasher.value();
  };
  const Request plain;
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    Request other;
    other.times[state] = Duration(1);
    EXPECT_NE(hash(other), hash(plain)) << kWaitStateNames[state];
  }
  Request other;
  other.ended = true;
  EXPECT_NE(hash(other), hash(plain));
}

}  // namespace
}  // namespace cotenant
