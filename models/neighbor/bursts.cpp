// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/bursts.h"

#include <algorithm>
#include <utility>

namespace cotenant {
namespace {

// 31 years, in ns: longer than any run.
constexpr double kForEver = 1e18;

Duration draw(const Sampler& law, Stream stream, std::uint64_t ordinal) {
  Draws draws = stream.at(ordinal);
  return law.draw_duration(draws);
}

// A run begins in the middle of the neighbors' lives: at a random point of a burst or of a pause.
struct FirstPart {
  bool on;
  double left;  // share of it that is still to come
};

// The share of the time that it is on, at its load of that instant.
double share_at(const ActingNeighbor& acting, Instant at) {
  const double share = acting.chance().on_share;
  return acting.spec().curve ? std::min(1.0, share * acting.spec().curve->factor_at(at)) : share;
}

FirstPart first_part(const ActingNeighbor& acting) {
  Draws draws = acting.chance().start.at(0);
  const bool on = draws.next_unit() < share_at(acting, Instant());
  return {on, draws.next_unit()};
}

Duration part_of(Duration time, double share) {
  return duration_from_nanoseconds(static_cast<double>(time.count()) * share);
}

// The pause before burst k, in the box and without a curve.
Duration off_time(const OnOffPattern& pattern, const NeighborChance& chance, std::uint64_t burst) {
  return part_of(draw(pattern.off, chance.off, burst), chance.off_scale);
}

// How fast a pause passes while the share of time on is `share`, of one that is 1 at the share that
// the pattern has: the mean of pauses is to that of bursts as 1 - share to share.
double pace(double share, double pattern) { return share / (1 - share) * (1 - pattern) / pattern; }

// The end of a pause that begins now and would take `pause` at the share of the pattern. It passes
// faster and slower as the load changes; with none it does not pass.
Instant end_of_pause(const ActingNeighbor& acting, const OnOffPattern& pattern, Duration pause) {
  double left = static_cast<double>(pause.count());
  Instant at = acting.now();
  for (;;) {
    const double share = share_at(acting, at);
    if (share >= 1) return at;
    const double speed = pace(share, pattern.on_share);
    const Instant end = acting.spec().curve->end_of_step(at);
    const double length = static_cast<double>((end - at).count());
    const double needed = speed > 0 ? left / speed : kForEver;
    if (needed <= length && needed < kForEver) return at + duration_from_nanoseconds(needed);
    if (static_cast<double>(end.ns()) >= kForEver) return Instant::never();
    left -= length * speed;
    at = end;
  }
}

// Sleeps for the pause before burst k, or the part of it that is left.
void pause_before(const ActingNeighbor& acting, const OnOffPattern& pattern, std::uint64_t burst,
                  double left) {
  if (acting.spec().curve == nullptr) {
    return acting.wake_after(part_of(off_time(pattern, acting.chance(), burst), left));
  }
  const Duration pause = part_of(draw(pattern.off, acting.chance().off, burst), left);
  const Instant end = end_of_pause(acting, pattern, pause);
  if (end != Instant::never()) acting.wake_after(end - acting.now());
}

}  // namespace

void enter(const ActingNeighbor& acting, NeighborPhase phase) {
  NeighborPhase& current = acting.state().phase;
  const bool was_on = wants_cpu(std::exchange(current, phase));
  if (was_on == wants_cpu(phase)) return;
  count_contender(acting.world, acting.blueprint, acting.spec(), was_on ? -1 : 1);
}

Duration on_time(const ActingNeighbor& acting, std::uint64_t burst) {
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    const Duration time = draw(on_off->on, acting.chance().on, burst);
    const FirstPart first = first_part(acting);
    return burst == 0 && first.on ? part_of(time, first.left) : time;
  }
  return std::get<BurstsPattern>(acting.spec().pattern).bursts[burst].on;
}

void sleep_until(const ActingNeighbor& acting, std::uint64_t burst) {
  enter(acting, NeighborPhase::sleeping);
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    pause_before(acting, *on_off, burst, 1);
    return;
  }
  const auto& bursts = std::get<BurstsPattern>(acting.spec().pattern).bursts;
  if (burst < bursts.size()) acting.wake_after(bursts[burst].pause);
}

void sleep_at_first(const ActingNeighbor& acting) {
  if (acting.wants_always()) return acting.wake_after(Duration(0));
  const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern);
  if (on_off == nullptr) return sleep_until(acting, 0);
  const FirstPart first = first_part(acting);
  if (first.on) return acting.wake_after(Duration(0));
  pause_before(acting, *on_off, 0, first.left);
}

}  // namespace cotenant
