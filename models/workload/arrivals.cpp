// SPDX-License-Identifier: Apache-2.0
#include "models/workload/arrivals.h"

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/random/math.h"

namespace cotenant {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

double unit_exponential(Stream stream, std::uint64_t ordinal) {
  Draws draws = stream.at(ordinal);
  return -math::log(draws.next_unit());
}

// By how much the integrated rate grows until the next arrival. Drawn one arrival ahead: a draw
// that the next instruction waits for costs three times as much (docs/performance.md).
double take_growth(SourceState& state, const SourceChance& chance) {
  return std::exchange(state.next_growth, unit_exponential(chance.gap, state.arrivals + 1));
}

// The last of these instants that can be told from never is beyond every horizon.
Instant next_scheduled(const SourceState& state, const ScheduledSource& source) {
  if (state.arrivals == 0) return source.first;
  if (!source.every) return Instant::never();
  return source.first + *source.every * static_cast<std::int64_t>(state.arrivals);
}

// --- Modulated rates ---

double draw_stay(SourceState& state, const SourceChance& chance, double mean) {
  return mean * unit_exponential(chance.stay, ++state.stays);
}

Instant next_modulated(SourceState& state, const ModulatedSource& source,
                       const SourceChance& chance) {
  double left = take_growth(state, chance);
  for (;;) {
    const ModulatedSource::State& current = source.states[state.modulation];
    const double until_change = source.states.size() == 1 ? kNever : state.stay_left;
    const double gap = current.rate > 0 ? left / current.rate : kNever;
    if (gap <= until_change) {
      if (gap == kNever) return Instant::never();
      state.position.advance(gap);
      state.stay_left -= gap;
      return state.position.at;
    }
    left -= until_change * current.rate;
    state.position.advance(until_change);
    state.modulation = (state.modulation + 1) % static_cast<std::uint32_t>(source.states.size());
    state.stay_left = draw_stay(state, chance, source.states[state.modulation].mean_stay);
  }
}

// --- Profiles ---

// Between two points the rate is a straight line; before the first and after the last it is
// constant, unless the profile repeats.
struct Piece {
  double length;  // ns; infinite after the last point
  double rate;    // at its start
  double slope;   // per ns
};

Piece piece_at(const ProfileSource& source, std::uint32_t index) {
  if (index + 1 >= source.points.size()) return {kNever, source.points.back().rate, 0};
  const auto& from = source.points[index];
  const auto& to = source.points[index + 1];
  const double length = static_cast<double>((to.at - from.at).count());
  return {length, from.rate, (to.rate - from.rate) / length};
}

// How long a rate that starts at `rate` and changes by `slope` takes to integrate to `area`;
// infinite when it never does. The form avoids cancellation for small slopes.
double time_to_integrate(double area, double rate, double slope) {
  const double discriminant = rate * rate + 2 * slope * area;
  if (discriminant < 0) return kNever;
  const double denominator = rate + std::sqrt(discriminant);
  return denominator > 0 ? 2 * area / denominator : kNever;
}

void enter_next_piece(SourceState& state, const ProfileSource& source) {
  ++state.profile_piece;
  state.profile_offset = 0;
  const bool past_last = state.profile_piece + 1 >= source.points.size();
  if (past_last && source.repeat) state.profile_piece = 0;
}

Instant next_profile(SourceState& state, const ProfileSource& source, const SourceChance& chance) {
  double left = take_growth(state, chance);
  for (;;) {
    const Piece piece = piece_at(source, state.profile_piece);
    // A rate that stays at zero: nothing follows, however often the bursts come and go.
    if (piece.length == kNever && piece.rate <= 0) return Instant::never();
    const double factor = state.modulation == 0 ? 1 + source.swing : 1 - source.swing;
    const double rate = (piece.rate + piece.slope * state.profile_offset) * factor;
    const double slope = piece.slope * factor;
    const double until_point = piece.length - state.profile_offset;
    const double until_change = source.swing > 0 ? state.stay_left : kNever;
    const double until = until_point < until_change ? until_point : until_change;
    const double gap = time_to_integrate(left, rate, slope);
    const double advance = gap <= until ? gap : until;
    if (advance == kNever) return Instant::never();
    state.position.advance(advance);
    state.profile_offset += advance;
    state.stay_left -= advance;
    if (gap <= until) return state.position.at;
    left -= (rate + slope * until / 2) * until;
    if (left < 0) left = 0;  // only rounding can have taken too much
    if (until == until_point) enter_next_piece(state, source);
    if (until == until_change) {
      state.modulation ^= 1;
      state.stay_left = draw_stay(state, chance, source.burst_length);
    }
  }
}

}  // namespace

void FinePoint::advance(double ns) {
  const double sum = fraction + ns;
  // 9.2e18 ns are 292 years: beyond every horizon, and the last integer a 64-bit instant can hold.
  if (sum >= 9.2e18 - static_cast<double>(at.ns())) {
    at = Instant::never();
    return;
  }
  const auto whole = static_cast<std::int64_t>(sum);  // the floor of what is not negative
  at = at + Duration(whole);
  fraction = sum - static_cast<double>(whole);
}

// Without next_growth, which follows from the number of arrivals.
void SourceState::hash_into(Hasher& hasher) const {
  hasher.add(next_ordinal);
  hasher.add(arrivals);
  hasher.add(left_in_batch);
  hasher.add_signed(position.at.ns());
  hasher.add(std::bit_cast<std::uint64_t>(position.fraction));
  hasher.add(modulation);
  hasher.add(std::bit_cast<std::uint64_t>(stay_left));
  hasher.add(stays);
  hasher.add(profile_piece);
  hasher.add(std::bit_cast<std::uint64_t>(profile_offset));
  if (retry_tokens != 0) hasher.add_signed(retry_tokens);
}

void start_source(SourceState& state, const SourceSpec& spec, const SourceChance& chance) {
  state.next_growth = unit_exponential(chance.gap, state.arrivals);
  if (const auto* modulated = std::get_if<ModulatedSource>(&spec.kind)) {
    if (modulated->states.size() == 1) return;
    std::vector<double> stays;
    for (const auto& each : modulated->states) stays.push_back(each.mean_stay);
    Draws draws = chance.stay.at(0);
    state.modulation = static_cast<std::uint32_t>(DiscreteChoice(stays).draw(draws));
    state.stay_left = draw_stay(state, chance, stays[state.modulation]);
  } else if (const auto* profile = std::get_if<ProfileSource>(&spec.kind)) {
    Draws draws = chance.stay.at(0);
    state.modulation = static_cast<std::uint32_t>(draws.next_below(2));
    if (profile->swing > 0) state.stay_left = draw_stay(state, chance, profile->burst_length);
  }
}

Instant next_arrival(SourceState& state, const SourceSpec& spec, const SourceChance& chance) {
  Instant at = Instant::never();
  if (const auto* constant = std::get_if<ConstantSource>(&spec.kind)) {
    state.position.advance(constant->interval);
    at = state.position.at;
  } else if (const auto* scheduled = std::get_if<ScheduledSource>(&spec.kind)) {
    at = next_scheduled(state, *scheduled);
  } else if (const auto* modulated = std::get_if<ModulatedSource>(&spec.kind)) {
    at = next_modulated(state, *modulated, chance);
  } else if (const auto* profile = std::get_if<ProfileSource>(&spec.kind)) {
    at = next_profile(state, *profile, chance);
  } else if (const auto* replay = std::get_if<ReplaySource>(&spec.kind)) {
    const std::vector<Instant>& recorded = replay->trace->arrivals;
    if (state.arrivals < recorded.size()) at = recorded[state.arrivals];
  }
  ++state.arrivals;
  return at;
}

}  // namespace cotenant
