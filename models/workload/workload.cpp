// SPDX-License-Identifier: Apache-2.0
#include "models/workload/workload.h"

#include "models/workload/client.h"
#include "models/workload/sessions.h"

namespace cotenant {
namespace {

void schedule_source(World& world, const Blueprint& blueprint, SourceId id) {
  SourceState& state = world.sources[id];
  const SourceSpec& spec = blueprint.sources[id];
  const SourceChance& chance = world.chance.sources[id];
  const Instant at = next_arrival(state, spec, chance);
  if (at == Instant::never()) return;
  state.left_in_batch = draw_size(spec.batch, chance.batch, state.arrivals - 1);
  world.events.schedule(world.slot(id), at, order(Phase::arrival),
                        {EventKind::source_due, id.index()});
}

// The row that such a request of a replayed user was.
std::uint32_t row_of(const ReplayedUsersSource& source, std::uint64_t ordinal) {
  const ReplayedUser& user = source.users[ordinal >> 32];
  return user.rows[(ordinal & 0xffffffff) % user.rows.size()];
}

// From a user's last row to its first one nothing was recorded, so it begins anew with its second
// think time.
Duration recorded_think(const ReplayedUser& user, std::uint32_t cycle) {
  const std::size_t rows = user.thinks.size();
  if (cycle < rows) return user.thinks[cycle];
  return rows == 1 ? user.thinks.front() : user.thinks[1 + (cycle - rows) % (rows - 1)];
}

// None unless the source is a recording.
const Trace* trace_of(const SourceSpec& source) {
  if (const auto* replay = std::get_if<ReplaySource>(&source.kind)) return replay->trace.get();
  const auto* replayed = std::get_if<ReplayedUsersSource>(&source.kind);
  return replayed == nullptr ? nullptr : replayed->trace.get();
}

RecordedRow recorded_row(const Blueprint& blueprint, SourceId id, std::uint64_t ordinal) {
  const SourceSpec& source = blueprint.sources[id];
  if (const auto* replayed = std::get_if<ReplayedUsersSource>(&source.kind)) {
    return {id, row_of(*replayed, ordinal)};
  }
  if (trace_of(source) == nullptr) return {};
  return {id, static_cast<std::uint32_t>(ordinal)};
}

ClassId class_of(const World& world, const Blueprint& blueprint, SourceId id,
                 std::uint64_t ordinal) {
  const Trace* trace = trace_of(blueprint.sources[id]);
  if (trace == nullptr) return draw_class(world, blueprint, id, ordinal);
  return trace->classes[recorded_row(blueprint, id, ordinal).row];
}

Duration think_time(const World& world, const SourceSpec& spec, SourceId source,
                    std::uint32_t local_user, std::uint32_t cycle) {
  if (const auto* replayed = std::get_if<ReplayedUsersSource>(&spec.kind)) {
    return recorded_think(replayed->users[local_user], cycle);
  }
  Draws draws = world.chance.sources[source].think.at(ordinal_of(local_user, cycle));
  return std::get<ClosedSource>(spec.kind).think.draw_duration(draws);
}

void start_thinking(World& world, const Blueprint& blueprint, SourceId source, UserId user) {
  const SourceSpec& spec = blueprint.sources[source];
  const Duration think =
      think_time(world, spec, source, user.index() - spec.first_user, world.user_cycles[user]);
  world.events.start_timer(world.events.now() + think, order(Phase::arrival),
                           {EventKind::user_ready, user.index()});
}

SourceId source_of(const Blueprint& blueprint, UserId user) {
  for (std::uint32_t s = 0; s < blueprint.sources.size(); ++s) {
    const SourceSpec& spec = blueprint.sources[SourceId(s)];
    if (user.index() - spec.first_user < users_of(spec.kind)) return SourceId(s);
  }
  COTENANT_ASSERT(false && "every user belongs to a closed source");
}

}  // namespace

void start_workload(World& world, const Blueprint& blueprint) {
  for (std::uint32_t s = 0; s < blueprint.sources.size(); ++s) {
    const SourceId id(s);
    const SourceSpec& spec = blueprint.sources[id];
    start_source(world.sources[id], spec, world.chance.sources[id]);
    const std::uint32_t users = users_of(spec.kind);
    for (std::uint32_t u = 0; u < users; ++u) {
      start_thinking(world, blueprint, id, UserId(spec.first_user + u));
    }
    if (users == 0) schedule_source(world, blueprint, id);
  }
  open_retry_budgets(world, blueprint);
}

void on_source_due(World& world, const Blueprint& blueprint, SourceId id, Effects& effects) {
  SourceState& state = world.sources[id];
  const std::uint64_t ordinal = state.next_ordinal++;
  if (blueprint.sources[id].sessions) {
    begin_session(world, blueprint, id, ordinal, effects);
  } else {
    const ClassId request_class = class_of(world, blueprint, id, ordinal);
    produce_request(world, blueprint, {id, request_class, UserId::none(), ordinal}, effects);
  }
  if (--state.left_in_batch > 0) {
    world.events.schedule(world.slot(id), world.events.now(), order(Phase::arrival),
                          {EventKind::source_due, id.index()});
  } else {
    schedule_source(world, blueprint, id);
  }
}

void on_user_ready(World& world, const Blueprint& blueprint, UserId user, Effects& effects) {
  const SourceId source = source_of(blueprint, user);
  const std::uint32_t local_user = user.index() - blueprint.sources[source].first_user;
  const std::uint64_t ordinal = ordinal_of(local_user, world.user_cycles[user]++);
  const ClassId request_class = class_of(world, blueprint, source, ordinal);
  produce_request(world, blueprint, {source, request_class, user, ordinal}, effects);
}

void on_request_ended(World& world, const Blueprint& blueprint, RequestId id, Outcome outcome,
                      Effects& effects) {
  const Request& request = world.requests[id];
  const UserId user = request.user;
  if (blueprint.is_session(user)) {
    end_attempt(world, blueprint, id, effects);
    return on_session_replied(world, blueprint, blueprint.session_of(user), outcome, effects);
  }
  if (!user.is_none()) start_thinking(world, blueprint, request.source, user);
  end_attempt(world, blueprint, id, effects);
}

void produce_request(World& world, const Blueprint& blueprint, const NewRequest& what,
                     Effects& effects) {
  const Instant now = world.events.now();
  const RequestId id = world.requests.add();
  Request& request = world.requests[id];
  request.ordinal = what.ordinal;
  request.source = what.source;
  request.recorded = recorded_row(blueprint, what.source, what.ordinal);
  request.request_class = what.request_class;
  request.user = what.user;
  request.arrival = now;
  request.attempted = now;
  request.since = now;
  world.calls.reset(id);
  earn_retries(world, blueprint, id);
  effects.push(RequestArrived{id});
  begin_attempt(world, blueprint, id, effects);
}

ClassId draw_class(const World& world, const Blueprint& blueprint, SourceId id,
                   std::uint64_t ordinal) {
  const SourceSpec& spec = blueprint.sources[id];
  if (spec.classes.size() == 1) return spec.classes.front();
  Draws draws = world.chance.sources[id].choice.at(ordinal);
  return spec.classes[spec.choice.draw(draws)];
}

std::uint64_t draw_size(const BatchSize& size, Stream stream, std::uint64_t ordinal) {
  if (const auto* fixed = std::get_if<std::uint32_t>(&size)) return *fixed;
  Draws draws = stream.at(ordinal);
  return std::get<GeometricCount>(size).draw(draws);
}

bool strikes(const World& world, const std::vector<StepSpec>& steps, const Request& request,
             std::uint16_t step) {
  const Stream stream = world.chance.demands[request.request_class][step];
  // Each attempt has a chance of its own: otherwise trying again would never help.
  Draws draws = stream.sub(request.attempts).at(request.ordinal);
  return draws.next_unit() < steps[step].probability;
}

void draw_errors(const World& world, const std::vector<StepSpec>& steps, Request& request,
                 std::uint16_t& step) {
  if (request.failed()) step = static_cast<std::uint16_t>(steps.size());
  for (; step < steps.size() && steps[step].kind == StepSpec::Kind::error; ++step) {
    if (strikes(world, steps, request, step)) {
      request.reply = Outcome::error_500;
      step = static_cast<std::uint16_t>(steps.size());
      return;
    }
  }
}

Duration demand_of(const World& world, const Blueprint& blueprint, const Request& request,
                   std::size_t step) {
  const StepSpec& spec = blueprint.classes[request.request_class].steps[step];
  if (const auto* column = std::get_if<std::uint32_t>(&spec.demand)) {
    const SourceSpec& source = blueprint.sources[request.recorded.source];
    return trace_of(source)->columns[*column][request.recorded.row];
  }
  Draws draws = world.chance.demands[request.request_class][step].at(request.ordinal);
  return std::get<Sampler>(spec.demand).draw_duration(draws);
}

}  // namespace cotenant
