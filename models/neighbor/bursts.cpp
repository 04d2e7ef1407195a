// SPDX-License-Identifier: Apache-2.0
#include "models/neighbor/bursts.h"

namespace cotenant {
namespace {

Duration draw(const Sampler& law, Stream stream, std::uint64_t ordinal) {
  Draws draws = stream.at(ordinal);
  return law.draw_duration(draws);
}

// A run begins in the middle of the neighbors' lives: at a random point of a burst or of a pause.
struct FirstPart {
  bool on;
  double left;  // share of it that is still to come
};

FirstPart first_part(const NeighborChance& chance) {
  Draws draws = chance.start.at(0);
  const bool on = draws.next_unit() < chance.on_share;
  return {on, draws.next_unit()};
}

Duration part_of(Duration time, double share) {
  return duration_from_nanoseconds(static_cast<double>(time.count()) * share);
}

// The pause before burst k.
Duration off_time(const OnOffPattern& pattern, const NeighborChance& chance, std::uint64_t burst) {
  return part_of(draw(pattern.off, chance.off, burst), chance.off_scale);
}

}  // namespace

Duration on_time(const ActingNeighbor& acting, std::uint64_t burst) {
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    const Duration time = draw(on_off->on, acting.chance().on, burst);
    const FirstPart first = first_part(acting.chance());
    return burst == 0 && first.on ? part_of(time, first.left) : time;
  }
  return std::get<BurstsPattern>(acting.spec().pattern).bursts[burst].on;
}

void sleep_until(const ActingNeighbor& acting, std::uint64_t burst) {
  acting.state().phase = NeighborPhase::sleeping;
  if (const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern)) {
    acting.wake_after(off_time(*on_off, acting.chance(), burst));
    return;
  }
  const auto& bursts = std::get<BurstsPattern>(acting.spec().pattern).bursts;
  if (burst < bursts.size()) acting.wake_after(bursts[burst].pause);
}

void sleep_at_first(const ActingNeighbor& acting) {
  if (acting.wants_always()) return acting.wake_after(Duration(0));
  const auto* on_off = std::get_if<OnOffPattern>(&acting.spec().pattern);
  if (on_off == nullptr) return sleep_until(acting, 0);
  const NeighborChance& chance = acting.chance();
  const FirstPart first = first_part(chance);
  acting.wake_after(first.on ? Duration(0) : part_of(off_time(*on_off, chance, 0), first.left));
}

}  // namespace cotenant
