// SPDX-License-Identifier: Apache-2.0
#include "bench/mm1.h"

#include <vector>

#include "sim/base/int128.h"
#include "sim/engine/event_set.h"

namespace cotenant {
namespace {

constexpr Slot kArrivals{0};
constexpr Slot kServer{1};

struct Mm1Event {
  enum class Kind : std::uint8_t { arrival, departure };
  Kind kind;
  std::uint64_t customer;

  void hash_into(Hasher& hasher) const { hasher.add(customer); }
};

// Customers in the system, in a ring: of each only its arrival is remembered.
class Line {
 public:
  bool empty() const { return first_ == end_; }
  void push(Instant arrival) {
    COTENANT_ASSERT(end_ - first_ < ring_.size());
    ring_[end_++ % kRoom] = arrival;
  }
  Instant pop() { return ring_[first_++ % kRoom]; }

 private:
  // Never reached at this load: P(more than n in system) = 0.9^n is 1e-187 here.
  static constexpr std::uint64_t kRoom = 4096;
  std::vector<Instant> ring_ = std::vector<Instant>(kRoom);
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace

Mm1Customers::Mm1Customers(std::uint64_t replication)
    : gaps_(Stream::keyed(1, replication, "gap", "mm1")),
      services_(Stream::keyed(1, replication, "demand", "mm1")) {}

Mm1Result run_mm1(const Mm1Customers& source, std::uint64_t customers) {
  using Kind = Mm1Event::Kind;
  EventSet<Mm1Event> events(2);
  Line line;
  Int128 total = 0;
  // The next variates are drawn before they are needed, so that the processor computes them while
  // it orders events. They are keyed, so the answer is the same; drawing each when it is due takes
  // twice the time per event.
  Duration gap = source.gap(0);
  Duration service = source.service(0);
  const auto arrive = [&](std::uint64_t customer) {
    events.schedule(kArrivals, events.now() + gap, 1, {Kind::arrival, customer});
    gap = source.gap(customer + 1);
  };
  const auto serve = [&](std::uint64_t customer) {
    events.schedule(kServer, events.now() + service, 0, {Kind::departure, customer});
    service = source.service(customer + 1);
  };
  arrive(0);
  while (!events.empty()) {
    const Mm1Event event = events.pop();
    if (event.kind == Kind::arrival) {
      const bool idle = line.empty();
      line.push(events.now());
      if (idle) serve(event.customer);
      if (event.customer + 1 < customers) arrive(event.customer + 1);
    } else {
      total += (events.now() - line.pop()).count();
      if (!line.empty()) serve(event.customer + 1);
    }
  }
  return {static_cast<double>(total) / 1e9 / static_cast<double>(customers), events.popped_count()};
}

}  // namespace cotenant
