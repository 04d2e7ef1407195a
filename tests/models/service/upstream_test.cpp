// SPDX-License-Identifier: Apache-2.0
//
// Which server a proxy asks: the rules of nginx, worked through by hand.
#include "models/service/upstream.h"

#include <gtest/gtest.h>

#include <string>

namespace cotenant {
namespace {

constexpr Duration kFailTimeout = seconds(10);

Instant at(std::int64_t s) { return Instant() + seconds(100 + s); }

UpstreamSpec spec_of(const std::vector<std::int64_t>& weights,
                     Balance balance = Balance::round_robin) {
  UpstreamSpec spec;
  spec.balance = balance;
  for (const std::int64_t weight : weights) {
    spec.peers.push_back({.weight = weight, .max_fails = 1, .fail_timeout = kFailTimeout});
  }
  return spec;
}

char name(std::optional<std::uint32_t> peer) { return peer ? static_cast<char>('a' + *peer) : '-'; }

// The servers of that many requests, each of which is over before the next.
std::string sequence(Upstream& upstream, const UpstreamSpec& spec, int requests) {
  std::string text;
  for (int i = 0; i < requests; ++i) {
    const auto peer = upstream.choose(spec, 0, at(0), Draws(1, static_cast<std::uint64_t>(i)));
    text += name(peer);
    if (!peer) continue;
    upstream.begin(*peer);
    upstream.end(spec, *peer, false, at(0));
  }
  return text;
}

// The example of nginx's own commit message: weights 5, 1 and 1.
TEST(Upstream, RoundRobinIsSmooth) {
  Upstream upstream(3);
  EXPECT_EQ(sequence(upstream, spec_of({5, 1, 1}), 14), "aabacaaaabacaa");
  Upstream equal(2);
  EXPECT_EQ(sequence(equal, spec_of({1, 1}), 6), "ababab");
}

// Not even where it is the only one, as a Service of Kubernetes that has no endpoint.
TEST(Upstream, NeverChoosesOneThatIsNotReady) {
  Upstream upstream(2);
  upstream.set_ready(0, false);
  EXPECT_EQ(sequence(upstream, spec_of({1, 1}), 3), "bbb");
  upstream.set_ready(1, false);
  EXPECT_EQ(sequence(upstream, spec_of({1, 1}), 2), "--");
  upstream.set_ready(0, true);
  EXPECT_EQ(sequence(upstream, spec_of({1, 1}), 2), "aa");
}

TEST(Upstream, LeastConnectionsCountsThemByWeight) {
  const UpstreamSpec spec = spec_of({2, 1}, Balance::least_connections);
  Upstream upstream(2);
  std::string text;
  for (int i = 0; i < 6; ++i) {
    const auto peer = upstream.choose(spec, 0, at(0), Draws(1, 1));
    text += name(peer);
    upstream.begin(*peer);
  }
  // Two of every three stay with the larger one, and nobody leaves.
  EXPECT_EQ(std::count(text.begin(), text.end(), 'a'), 4) << text;
}

// Whoever is drawn: the busy one is asked only if there is no other.
TEST(Upstream, OfTwoDrawnOnesThatWithFewerConnectionsIsAsked) {
  const UpstreamSpec spec = spec_of({1, 1}, Balance::random_two);
  Upstream upstream(2);
  upstream.begin(0);
  for (std::uint64_t i = 0; i < 20; ++i) {
    EXPECT_EQ(name(upstream.choose(spec, 0, at(0), Draws(1, i))), 'b');
    EXPECT_EQ(name(upstream.choose(spec, 0b10, at(0), Draws(1, i))), 'a');
  }
  // As busy as each other, each is asked half of the time.
  upstream.begin(1);
  int first = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    first += name(upstream.choose(spec, 0, at(0), Draws(1, i))) == 'a' ? 1 : 0;
  }
  EXPECT_NEAR(first, 500, 4 * 16);
}

// Of three, the busiest one is never asked, and the others as often as each other.
TEST(Upstream, OfTwoDrawnOnesTheBusiestIsNeverAsked) {
  const UpstreamSpec spec = spec_of({1, 1, 1}, Balance::random_two);
  Upstream upstream(3);
  upstream.begin(2);
  std::string text;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    text += name(upstream.choose(spec, 0, at(0), Draws(1, i)));
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), 'c'), 0);
  EXPECT_NEAR(static_cast<double>(std::count(text.begin(), text.end(), 'a')), 500, 4 * 16);
}

TEST(Upstream, AServerThatFailedIsLeftAloneForAWhile) {
  const UpstreamSpec spec = spec_of({1, 1});
  Upstream upstream(2);
  const auto first = upstream.choose(spec, 0, at(0), Draws(1, 1));
  EXPECT_EQ(name(first), 'a');
  upstream.begin(0);
  upstream.end(spec, 0, true, at(0));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(name(upstream.choose(spec, 0, at(10), Draws(1, 1))), 'b');
  }
  // After the timeout it is tried again; when that succeeds it is as good as the other one.
  std::string text;
  for (int i = 0; i < 6; ++i) text += name(upstream.choose(spec, 0, at(11), Draws(1, 1)));
  EXPECT_NE(text.find('a'), std::string::npos) << text;
}

TEST(Upstream, WhenAllHaveFailedThereIsNobodyToAsk) {
  const UpstreamSpec spec = spec_of({1, 1});
  Upstream upstream(2);
  for (std::uint32_t peer : {0u, 1u}) {
    upstream.begin(peer);
    upstream.end(spec, peer, true, at(0));
  }
  EXPECT_EQ(name(upstream.choose(spec, 0, at(1), Draws(1, 1))), '-');
}

TEST(Upstream, ALoneServerIsNeverLeftAlone) {
  const UpstreamSpec spec = spec_of({1});
  Upstream upstream(1);
  upstream.begin(0);
  upstream.end(spec, 0, true, at(0));
  EXPECT_EQ(name(upstream.choose(spec, 0, at(0), Draws(1, 1))), 'a');
}

TEST(Upstream, OneThatWasTriedOrIsFullIsPassedOver) {
  UpstreamSpec spec = spec_of({1, 1});
  spec.peers[0].max_connections = 1;
  Upstream upstream(2);
  EXPECT_EQ(name(upstream.choose(spec, 0b10, at(0), Draws(1, 1))), 'a');
  upstream.begin(0);
  EXPECT_EQ(name(upstream.choose(spec, 0b10, at(0), Draws(1, 1))), '-');
  EXPECT_EQ(name(upstream.choose(spec, 0, at(0), Draws(1, 1))), 'b');
}

// The same luck, the same server: what is random here is who the client is.
TEST(Upstream, ByClientIsSticky) {
  const UpstreamSpec spec = spec_of({1, 1, 1}, Balance::by_client);
  Upstream upstream(3);
  const auto peer = upstream.choose(spec, 0, at(0), Draws(1, 42));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(name(upstream.choose(spec, 0, at(i), Draws(1, 42))), name(peer));
  }
}

}  // namespace
}  // namespace cotenant
