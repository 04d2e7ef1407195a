// SPDX-License-Identifier: Apache-2.0
#include "models/workload/sessions.h"

#include "models/workload/client.h"
#include "models/workload/pings.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

const SessionSpec& spec_of(const Blueprint& blueprint, const Session& session) {
  return *blueprint.sources[session.source].sessions;
}

ClassId next_class(const World& world, const Blueprint& blueprint, const Session& session) {
  const auto& course = spec_of(blueprint, session).course;
  if (const auto* script = std::get_if<SessionScript>(&course)) {
    return script->classes[session.turn];
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
    return ++session.turn < script->classes.size();
  }
  const auto* walk = std::get_if<SessionWalk>(&spec.course);
  if (walk == nullptr) return session.requests < session.length;
  Draws draws =
      world.chance.sources[session.source].course.at(ordinal_of(session.ordinal, session.requests));
  session.turn = static_cast<std::uint32_t>(walk->turns[session.turn].next.draw(draws));
  return session.turn < walk->turns.size();
}

bool keeps_connections(const Blueprint& blueprint, const SessionSpec& spec) {
  return spec.websocket || blueprint.shared_connections;
}

void end_session(World& world, const Blueprint& blueprint, SessionId id, bool lost,
                 Effects& effects) {
  if (keeps_connections(blueprint, spec_of(blueprint, world.sessions[id]))) {
    close_connections(world, blueprint, id, effects);
  }
  effects.push(SessionEnded{world.sessions[id].began, lost});
  world.sessions.remove(id);
}

// Its next request comes after that time.
void pause(World& world, SessionId id, const Sampler& law, Stream stream) {
  Session& session = world.sessions[id];
  Draws draws = stream.at(ordinal_of(session.ordinal, session.requests));
  session.thinks =
      world.events.start_timer(world.events.now() + law.draw_duration(draws), order(Phase::arrival),
                               {EventKind::session_ready, id.index()});
}

// A new WebSocket needs a new handshake: a script or walk begins anew.
void reconnect(World& world, SessionId id, const Sampler& law, Effects& effects) {
  Session& session = world.sessions[id];
  session.turn = 0;
  effects.push(SessionReconnects{});
  // Retries count from 1.
  pause(world, id, law, world.chance.sources[session.source].retry.sub(0));
}

// So many requests are so many, however they ended.
bool is_over(const SessionSpec& spec, const Session& session) {
  return std::holds_alternative<SessionMix>(spec.course) && session.requests >= session.length;
}

bool reconnects(const SessionSpec& spec) { return spec.websocket && spec.websocket->reconnect; }

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
  if (keeps_connections(blueprint, spec_of(blueprint, session))) {
    const ServiceId last(blueprint.services.size() - 1);
    world.connections.know(blueprint.keeper_of(last, id));
  }
  effects.push(SessionBegan{});
  make_request(world, blueprint, id, effects);
}

void on_session_replied(World& world, const Blueprint& blueprint, SessionId id, Outcome outcome,
                        Effects& effects) {
  Session& session = world.sessions[id];
  const SessionSpec& spec = spec_of(blueprint, session);
  const bool failed = outcome != Outcome::completed;
  if (failed && reconnects(spec) && !is_over(spec, session)) {
    return reconnect(world, id, *spec.websocket->reconnect, effects);
  }
  const bool gives_up = spec.ends_on_failure && failed;
  if (gives_up || !takes_turn(world, spec, session)) {
    return end_session(world, blueprint, id, gives_up, effects);
  }
  pause(world, id, spec.think, world.chance.sources[session.source].think);
}

void on_websocket_lost(World& world, const Blueprint& blueprint, SessionId id, Effects& effects) {
  Session& session = world.sessions[id];
  const SessionSpec& spec = spec_of(blueprint, session);
  stop_pings(world, id);
  // A request that waits for its next attempt opens a connection of its own accord.
  if (session.thinks.is_none() || (!reconnects(spec) && !spec.ends_on_failure)) return;
  world.events.cancel(session.thinks);
  if (reconnects(spec)) return reconnect(world, id, *spec.websocket->reconnect, effects);
  end_session(world, blueprint, id, true, effects);
}

void on_session_ready(World& world, const Blueprint& blueprint, SessionId id, Effects& effects) {
  world.sessions[id].thinks = Timer::none();
  make_request(world, blueprint, id, effects);
}

}  // namespace cotenant
