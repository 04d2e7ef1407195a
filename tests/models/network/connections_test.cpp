// SPDX-License-Identifier: Apache-2.0
//
// Connections between their two ends: who may have which when, and when a row is free again.
#include "models/network/connections.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

constexpr KeeperId kKeeper(0);
constexpr KeeperId kOther(1);
constexpr Instant kNow;
constexpr ServiceId kService(0);
constexpr ServiceId kOtherService(1);

RequestId request(std::uint32_t id) { return RequestId(id); }

std::uint64_t hash_of(const Connections& connections) {
  Hasher hasher;
  connections.hash_into(hasher);
  return hasher.value();
}

struct Ends {
  Connections connections{2};
  ConnectionList parked;

  // One that has served a request and that both ends keep.
  ConnectionId idle(KeeperId keeper, Instant since = Instant(), ServiceId service = kService) {
    const ConnectionId id = connections.open(keeper, service, request(9));
    connections[id].at_server = true;
    connections.release(id);
    connections.park(id, parked, since);
    connections.keep(id, since);
    return id;
  }
};

// One port. The end that closes a connection first is the one that keeps it.
TEST(Connections, KeepTheirPortOnlyWhenTheClientClosesFirst) {
  constexpr PortsId kPorts(0);
  for (const bool server_is_first : {true, false}) {
    Ends ends;
    PortTable table;
    table.push_back(LocalPorts(1));
    ends.connections = Connections(2, table);
    LocalPorts& ports = ends.connections.ports(kPorts);
    ASSERT_TRUE(ports.take(kNow));
    const ConnectionId id = ends.idle(kKeeper);
    ends.connections[id].end.ports = kPorts;
    if (server_is_first) {
      ends.connections.close_parked(id, ends.parked);
    } else {
      ends.connections.give_up_one(kKeeper);
      ends.connections.hang_up(id, kNow);
    }
    EXPECT_EQ(ports.open(), 0u);
    EXPECT_EQ(ports.take(kNow), server_is_first);
  }
}

TEST(Connections, AreTakenFromTheirPoolTheLastUsedFirst) {
  Ends ends;
  const ConnectionId first = ends.idle(kKeeper);
  const ConnectionId second = ends.idle(kKeeper);
  ends.idle(kOther);
  EXPECT_EQ(ends.connections.kept(kKeeper), 2u);
  EXPECT_EQ(ends.connections.take(kKeeper, kService, request(1)), second);
  EXPECT_EQ(ends.connections.take(kKeeper, kService, request(2)), first);
  EXPECT_TRUE(ends.connections.take(kKeeper, kService, request(3)).is_none());
  EXPECT_EQ(ends.connections[first].request, request(2));
}

// A proxy keeps connections to several servers, and gives up the one it has not used for longest.
TEST(Connections, AreTakenToTheRightServiceAndGivenUpTheOldestFirst) {
  Ends ends;
  const ConnectionId first = ends.idle(kKeeper);
  const ConnectionId other = ends.idle(kKeeper, Instant(), kOtherService);
  const ConnectionId last = ends.idle(kKeeper);
  EXPECT_EQ(ends.connections.take(kKeeper, kOtherService, request(1)), other);
  EXPECT_TRUE(ends.connections.take(kKeeper, kOtherService, request(2)).is_none());
  EXPECT_EQ(ends.connections.give_up_one(kKeeper), first);
  EXPECT_EQ(ends.connections.take(kKeeper, kService, request(3)), last);
  EXPECT_EQ(ends.connections.kept(kKeeper), 0u);
}

TEST(Connections, LeaveTheirKeeperWhereverTheyAreWhenTheServerCloses) {
  Ends ends;
  const ConnectionId first = ends.idle(kKeeper);
  const ConnectionId second = ends.idle(kKeeper);
  const ConnectionId third = ends.idle(kKeeper);
  ends.connections.close_parked(second, ends.parked);
  EXPECT_EQ(ends.connections.live(), 2u);
  EXPECT_EQ(ends.connections.after(first), third);
  EXPECT_EQ(ends.connections.take(kKeeper, kService, request(1)), third);
  EXPECT_EQ(ends.connections.take(kKeeper, kService, request(2)), first);
}

// With a request on it the client still has its end, and will see what became of it.
TEST(Connections, StayWhileOneEndOrARequestNeedsThem) {
  Ends ends;
  const ConnectionId id = ends.idle(kKeeper);
  ends.connections.take(kKeeper, kService, request(1));
  ends.connections.close_parked(id, ends.parked);
  EXPECT_EQ(ends.connections.live(), 1u);
  ends.connections.close_by_client(id, kNow);
  EXPECT_EQ(ends.connections.live(), 1u);
  ends.connections.release(id);
  ends.connections.end_closing(id);
  EXPECT_EQ(ends.connections.live(), 0u);
}

// Both ends close at one instant: the server learns of the client's end when it has closed its own.
TEST(Connections, StayUntilTheServerHasLooked) {
  Ends ends;
  const ConnectionId id = ends.idle(kKeeper);
  ends.connections.take(kKeeper, kService, request(1));
  ends.connections.release(id);
  EXPECT_TRUE(ends.connections.hang_up(id, kNow));
  ends.connections.close_parked(id, ends.parked);
  EXPECT_EQ(ends.connections.live(), 1u);
  ends.connections.end_closing(id);
  EXPECT_EQ(ends.connections.live(), 0u);
}

TEST(Connections, ShareARowButNotANumber) {
  Ends ends;
  const ConnectionId first = ends.idle(kKeeper);
  const std::uint64_t ordinal = ends.connections[first].ordinal;
  ends.connections.close_parked(first, ends.parked);
  const ConnectionId second = ends.idle(kKeeper);
  EXPECT_EQ(second, first);
  EXPECT_EQ(ends.connections[second].ordinal, ordinal + 1);
  EXPECT_EQ(ends.connections.opened(), 2u);
}

// Two that are alike are told apart by the order in which they will be used.
TEST(Connections, HashTheirOrder) {
  Ends one;
  const ConnectionId first = one.idle(kKeeper);
  one.idle(kKeeper);
  Ends other = one;
  EXPECT_EQ(hash_of(one.connections), hash_of(other.connections));
  other.connections.take(kKeeper, kService, request(1));
  EXPECT_NE(hash_of(one.connections), hash_of(other.connections));
  other = one;
  other.connections.unpark(first, other.parked);
  other.connections.park(first, other.parked, Instant());
  EXPECT_NE(hash_of(one.connections), hash_of(other.connections));
}

}  // namespace
}  // namespace cotenant
