// SPDX-License-Identifier: Apache-2.0
#include "models/workload/sessions.h"

#include "models/workload/client.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

const SessionSpec& spec_of(const Blueprint& blueprint, const Session& session) {
  return *blueprint.sources[session.source].sessions;
}

ClassId next_class(const World& world, const Blueprint& blueprint, const Session& session) {
  const auto& course = spec_of(blueprint, session).course;
  if (const auto* script = std::get_if<SessionScript>(&course)) {
    return script->classes[session.requests];
  }
  if (const auto* walk = std::get_if<SessionWalk>(&course)) {
    return walk->turns[session.turn].request_class;
  }
  const std::uint64_t ordinal = ordinal_of(session.ordinal, session.requests);
  return draw_class(world, blueprint, session.source, ordinal);
}

void make_request(World& world, const Blueprint& blueprint, SessionId id, Effects& effects) {
  Session& session = world.sessions[id];
  const NewRequest request{session.source, next_class(world, blueprint, session),
                           blueprint.user_of(id), ordinal_of(session.ordinal, session.requests)};
  ++session.requests;
  ++world.session_requests;
  produce_request(world, blueprint, request, effects);
}

// Whether there is another request after those that it has made.
bool takes_turn(const World& world, const SessionSpec& spec, Session& session) {
  if (const auto* script = std::get_if<SessionScript>(&spec.course)) {
    return session.requests < script->classes.size();
  }
  const auto* walk = std::get_if<SessionWalk>(&spec.course);
  if (walk == nullptr) return session.requests < session.length;
  Draws draws =
      world.chance.sources[session.source].course.at(ordinal_of(session.ordinal, session.requests));
  session.turn = static_cast<std::uint32_t>(walk->turns[session.turn].next.draw(draws));
  return session.turn < walk->turns.size();
}

void end_session(World& world, const Blueprint& blueprint, SessionId id, bool lost,
                 Effects& effects) {
  close_connections(world, blueprint, blueprint.user_of(id), effects);
  effects.push(SessionEnded{world.sessions[id].began, lost});
  world.sessions.remove(id);
}

}  // namespace

void begin_session(World& world, const Blueprint& blueprint, SourceId source, std::uint64_t ordinal,
                   Effects& effects) {
  const SessionId id = world.sessions.add();
  Session& session = world.sessions[id];
  session.ordinal = ordinal;
  session.source = source;
  session.began = world.events.now();
  if (const auto* mix = std::get_if<SessionMix>(&spec_of(blueprint, session).course)) {
    const Stream stream = world.chance.sources[source].course;
    session.length = draw_size(mix->requests, stream, ordinal);
  }
  if (blueprint.shared_connections) {
    const ServiceId last(blueprint.services.size() - 1);
    world.connections.know(blueprint.keeper_of(last, blueprint.user_of(id)));
  }
  effects.push(SessionBegan{});
  make_request(world, blueprint, id, effects);
}

void on_session_replied(World& world, const Blueprint& blueprint, SessionId id, Outcome outcome,
                        Effects& effects) {
  Session& session = world.sessions[id];
  const SessionSpec& spec = spec_of(blueprint, session);
  const bool gives_up = spec.ends_on_failure && outcome != Outcome::completed;
  if (gives_up || !takes_turn(world, spec, session)) {
    return end_session(world, blueprint, id, gives_up, effects);
  }
  Draws draws =
      world.chance.sources[session.source].think.at(ordinal_of(session.ordinal, session.requests));
  world.events.start_timer(world.events.now() + spec.think.draw_duration(draws),
                           order(Phase::arrival), {EventKind::session_ready, id.index()});
}

void on_session_ready(World& world, const Blueprint& blueprint, SessionId id, Effects& effects) {
  make_request(world, blueprint, id, effects);
}

}  // namespace cotenant
