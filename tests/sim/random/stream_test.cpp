// SPDX-License-Identifier: Apache-2.0
//
// Philox against its published answers, and what a stream promises: the same numbers for the same
// name, whatever else is drawn and in whatever order, unrelated numbers for any other name, and the
// shapes of next_unit and next_below.
#include "sim/random/stream.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "sim/random/philox.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kOnes = std::numeric_limits<std::uint64_t>::max();

// The lines "philox2x64 10" of kat_vectors, published with the authors' implementation.
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox2x64({0, 0}, 0), (PhiloxBlock{0xca00a0459843d731u, 0x66c24222c9a845b5u}));
  EXPECT_EQ(philox2x64({kOnes, kOnes}, kOnes),
            (PhiloxBlock{0x65b021d60cd8310fu, 0x4d02f3222f86df20u}));
  EXPECT_EQ(philox2x64({0x243f6a8885a308d3u, 0x13198a2e03707344u}, 0xa4093822299f31d0u),
            (PhiloxBlock{0x0a5e742c2997341cu, 0xb0f883d38000de5du}));
}

TEST(Draws, AreTheBlocksOfTheirOrdinalInOrder) {
  Draws draws(77, 5);
  for (std::uint64_t block = 0; block < 3; ++block) {
    const PhiloxBlock expected = philox2x64({5, block}, 77);
    EXPECT_EQ(draws.next_bits(), expected.first);
    EXPECT_EQ(draws.next_bits(), expected.second);
  }
}

TEST(Draws, ACopyRepeatsAndDoesNotDisturb) {
  Draws draws(77, 5);
  draws.next_bits();
  Draws copy = draws;
  std::vector<std::uint64_t> first;
  std::vector<std::uint64_t> second;
  for (int i = 0; i < 5; ++i) first.push_back(copy.next_bits());
  for (int i = 0; i < 5; ++i) second.push_back(draws.next_bits());
  EXPECT_EQ(first, second);
}

TEST(Stream, AnOrdinalHasTheSameDrawsInAnyOrderAndCompany) {
  const Stream service = Stream::keyed(1, 0, "service", "database");
  const Stream arrivals = Stream::keyed(1, 0, "arrival", "web");
  std::vector<std::uint64_t> forward;
  for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
    forward.push_back(service.at(ordinal).next_bits());
  }
  for (std::uint64_t ordinal = 1000; ordinal-- > 0;) {
    // Another stream and another ordinal draw a varying number in between.
    Draws company = arrivals.at(ordinal);
    Draws neighbor = service.at(ordinal + 1);
    for (std::uint64_t i = 0; i < ordinal % 5; ++i) {
      company.next_bits();
      neighbor.next_bits();
    }
    EXPECT_EQ(service.at(ordinal).next_bits(), forward[ordinal]);
  }
}

TEST(Stream, EveryPartOfTheNameCounts) {
  const std::vector<Stream> streams = {
      Stream::keyed(1, 0, "cpu", "web"),  Stream::keyed(2, 0, "cpu", "web"),
      Stream::keyed(1, 1, "cpu", "web"),  Stream::keyed(0, 1, "cpu", "web"),
      Stream::keyed(1, 0, "disk", "web"), Stream::keyed(1, 0, "cpu", "db"),
      Stream::keyed(1, 0, "web", "cpu"),  Stream::keyed(1, 0, "cpuweb", ""),
      Stream::keyed(1, 0, "", "cpuweb"),  Stream::keyed(1, 0, "cpuw", "eb"),
  };
  std::set<std::uint64_t> keys;
  for (const Stream stream : streams) keys.insert(stream.key());
  EXPECT_EQ(keys.size(), streams.size());
}

TEST(Stream, NeighborsInOrdinalSeedOrNameAreUncorrelated) {
  constexpr int kDraws = 200'000;
  const Stream base = Stream::keyed(1, 0, "cpu", "web");
  const std::array<Stream, 3> others = {Stream::keyed(2, 0, "cpu", "web"),
                                        Stream::keyed(1, 1, "cpu", "web"),
                                        Stream::keyed(1, 0, "cpu", "wec")};
  // The product of two independent centered uniforms has mean 0 and standard deviation 1/12.
  const double allowed = 4.5 / 12.0 / std::sqrt(static_cast<double>(kDraws));
  std::array<double, 4> sums{};
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    const double u = base.at(ordinal).next_unit() - 0.5;
    for (std::size_t i = 0; i < others.size(); ++i) {
      sums[i] += u * (others[i].at(ordinal).next_unit() - 0.5);
    }
    sums[3] += u * (base.at(ordinal + 1).next_unit() - 0.5);
  }
  for (const double sum : sums) EXPECT_LT(std::fabs(sum / kDraws), allowed);
}

TEST(NextUnit, IsAnOddMultipleOfTwoToTheMinus53InTheOpenInterval) {
  const Stream stream(3);
  for (std::uint64_t ordinal = 0; ordinal < 100'000; ++ordinal) {
    const double u = stream.at(ordinal).next_unit();
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    ASSERT_EQ(static_cast<std::uint64_t>(u * 0x1p53) % 2, 1u);
    ASSERT_EQ(1.0 - (1.0 - u), u);  // the complement is exact
  }
}

TEST(NextUnit, FillsTheIntervalEvenly) {
  // Chi-square over 1000 cells: mean 999, standard deviation sqrt(2 999) = 44.7.
  constexpr int kCells = 1000;
  constexpr int kDraws = 1'000'000;
  std::vector<int> counts(kCells);
  const Stream stream(4);
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    ++counts[static_cast<std::size_t>(stream.at(ordinal).next_unit() * kCells)];
  }
  double chi_square = 0;
  constexpr double kExpected = static_cast<double>(kDraws) / kCells;
  for (const int count : counts)
    chi_square += (count - kExpected) * (count - kExpected) / kExpected;
  EXPECT_NEAR(chi_square, 999.0, 4.5 * 44.7);
}

TEST(NextBelow, GivesEveryResultEquallyOften) {
  constexpr int kDraws = 600'000;
  for (const std::uint64_t n : {1u, 2u, 3u, 7u, 10u}) {
    std::vector<int> counts(n);
    const Stream stream(5);
    for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
      ++counts[stream.at(ordinal).next_below(n)];
    }
    const double p = 1.0 / static_cast<double>(n);
    for (const int count : counts) {
      EXPECT_NEAR(count, kDraws * p, 4.5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9) << n;
    }
  }
}

TEST(NextBelow, RefusesWhatWouldFavorSomeResults) {
  // For n = 3 2^62 the high half of bits * n is floor(3 bits / 4), which is 0, 0, 1, 2 (modulo 3)
  // in turn: without rejection 1/2 of the results instead of 1/3 would be multiples of 3.
  constexpr std::uint64_t n = 3ull << 62;
  constexpr int kDraws = 300'000;
  int multiples = 0;
  const Stream stream(6);
  for (std::uint64_t ordinal = 0; ordinal < kDraws; ++ordinal) {
    const std::uint64_t value = stream.at(ordinal).next_below(n);
    ASSERT_LT(value, n);
    multiples += value % 3 == 0 ? 1 : 0;
  }
  EXPECT_NEAR(multiples, kDraws / 3.0, 4.5 * std::sqrt(kDraws * 2.0 / 9.0));
}

TEST(NextBelow, ZeroAlternativesAreABug) { EXPECT_THROW(Draws(1, 1).next_below(0), Bug); }

}  // namespace
}  // namespace cotenant
