// SPDX-License-Identifier: Apache-2.0
#include "models/network/local_ports.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

Instant at(std::int64_t s) { return Instant() + seconds(s); }

TEST(LocalPorts, AreAsManyAsConnectionsAndThoseClosedHere) {
  LocalPorts ports(2);
  EXPECT_TRUE(ports.take(at(0)));
  EXPECT_TRUE(ports.take(at(0)));
  EXPECT_FALSE(ports.take(at(0)));
  ports.free();
  EXPECT_TRUE(ports.take(at(1)));
  ports.close(at(2));
  EXPECT_FALSE(ports.take(at(61)));
  EXPECT_TRUE(ports.take(at(62)));
  EXPECT_EQ(ports.open(), 2u);
}

// What is far from a limit has no influence on what is to come, so it is not a part of the state.
TEST(LocalPorts, AreAPartOfTheStateWhenTheyGetScarce) {
  const auto hash_of = [](const LocalPorts& ports) {
    Hasher hasher;
    ports.hash_into(hasher);
    return hasher.value();
  };
  LocalPorts ports(4);
  const std::uint64_t empty = hash_of(ports);
  ports.take(at(0));
  EXPECT_EQ(hash_of(ports), empty);
  ports.take(at(0));
  EXPECT_NE(hash_of(ports), empty);
}

}  // namespace
}  // namespace cotenant
