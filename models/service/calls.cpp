// SPDX-License-Identifier: Apache-2.0
#include "models/service/calls.h"

#include <bit>

#include "models/server/probes.h"
#include "models/server/sockets.h"
#include "models/service/tunnels.h"
#include "models/workload/client.h"

namespace cotenant {
namespace {

// A call and its hedge are different requests with different luck: half of the numbers are hedges'.
constexpr std::uint32_t kHedge = std::uint32_t{1} << 31;

// What a call needs depends on who calls, from where and for which time: the same in every setup. A
// caller that tries again has other luck.
std::uint64_t ordinal_of(const World& world, RequestId caller, CallSpecId spec,
                         std::uint32_t number) {
  Hasher hasher;
  hasher.add(world.requests[caller].ordinal);
  hasher.add(world.requests[caller].attempts);
  hasher.add(world.chance.calls[spec].key);
  hasher.add(number);
  return hasher.value();
}

bool is_made(const World& world, const Blueprint& blueprint, RequestId caller, CallSpecId spec,
             std::uint32_t number) {
  const double probability = blueprint.calls[spec].probability;
  if (probability >= 1) return true;
  Draws draws = world.chance.calls[spec].made.at(ordinal_of(world, caller, spec, number));
  return draws.next_unit() < probability;
}

void link(World& world, RequestId caller, RequestId id) {
  Call& call = world.calls[id];
  RequestId& first = world.calls[caller].first;
  call.caller = caller;
  call.next = first;
  if (!first.is_none()) world.calls[first].previous = id;
  first = id;
}

void unlink(World& world, RequestId id) {
  Call& call = world.calls[id];
  if (call.previous.is_none()) {
    world.calls[call.caller].first = call.next;
  } else {
    world.calls[call.previous].next = call.next;
  }
  if (!call.next.is_none()) world.calls[call.next].previous = call.previous;
  call.caller = call.previous = call.next = RequestId::none();
}

void abandon(World& world, RequestId id) {
  unlink(world, id);
  world.calls[id].twin = RequestId::none();
  stop_waiting(world, id);
}

// A call that is about to be made.
struct Message {
  CallSpecId spec;
  std::uint32_t number = 0;
  RequestId twin{};         // another one of that number
  std::uint32_t peer = 0;   // of the servers behind a proxy
  std::uint64_t tried = 0;  // of these, that one and those before it
};

void send(World& world, const Blueprint& blueprint, RequestId caller, const Message& message,
          Effects& effects) {
  const Instant now = world.events.now();
  const std::uint64_t ordinal = ordinal_of(world, caller, message.spec, message.number);
  const RequestId id = world.requests.add();
  Request& request = world.requests[id];
  request.ordinal = ordinal;
  request.recorded = world.requests[caller].recorded;
  request.request_class = ClassId(blueprint.calls[message.spec].operation.index() + message.peer);
  request.arrival = now;
  request.attempted = now;
  request.since = now;
  world.calls.reset(id);
  Call& call = world.calls[id];
  call.spec = message.spec;
  call.number = message.number;
  call.twin = message.twin;
  call.peer = message.peer;
  call.tried = message.tried;
  call.is_sent = blueprint.calls[message.spec].is_sent;
  if (!call.twin.is_none()) world.calls[call.twin].twin = id;
  if (!call.is_sent) link(world, caller, id);
  earn_retries(world, blueprint, id);
  effects.push(RequestArrived{id});
  begin_attempt(world, blueprint, id, effects);
}

// The call with that number, or the first one after it that is made. False when none is left.
bool send_next(World& world, const Blueprint& blueprint, RequestId caller, CallSpecId spec,
               std::uint32_t number, Effects& effects) {
  const CallSpec& call = blueprint.calls[spec];
  while (number < call.count && !is_made(world, blueprint, caller, spec, number)) ++number;
  if (number == call.count) return false;
  send(world, blueprint, caller, {.spec = spec, .number = number}, effects);
  return true;
}

// One of those that the caller waits for is over, or was never made.
void close_one(World& world, RequestId caller, Effects& effects) {
  if (--world.calls[caller].open == 0) effects.push(CallsDone{caller});
}

// --- Proxies

// As the process that serves the request sees them.
Upstream& upstream_of(World& world, const Blueprint& blueprint, RequestId caller) {
  return world.upstreams[blueprint.process_of(world.requests[caller].task)];
}

// A connection to the server, one that was kept or a new one. False: the process has no more.
bool connect(World& world, const Blueprint& blueprint, RequestId caller, ServiceId server) {
  const ProcessId process = blueprint.process_of(world.requests[caller].task);
  const KeeperId keeper = blueprint.keeper_of(process);
  if (keeper.is_none() || !world.connections.keeps(keeper, server)) {
    return open_socket(world, blueprint, process, caller);
  }
  hold_socket(world, process, caller);
  return true;
}

void answer(World& world, RequestId caller, Outcome reply, Effects& effects) {
  world.requests[caller].reply = reply;
  close_one(world, caller, effects);
}

// Its row goes, and with it where its time went.
void account_for_passed_on(World& world, RequestId caller) {
  const Request& request = world.requests[caller];
  if (!request.ended && request.state == WaitState::downstream) settle_account(world, caller);
}

// The next of the servers behind a proxy, for a request that those in `tried` have failed. False
// when there is none. A proxy without connections answers 500 (ngx_http_upstream_connect).
bool pass_on(World& world, const Blueprint& blueprint, RequestId caller, CallSpecId spec,
             std::uint64_t tried, Effects& effects) {
  const UpstreamSpec& servers = blueprint.upstreams[blueprint.calls[spec].upstream];
  const auto tries = static_cast<std::uint32_t>(std::popcount(tried));
  if (servers.tries > 0 && tries >= servers.tries) return false;
  Upstream& upstream = upstream_of(world, blueprint, caller);
  const Draws luck = world.chance.calls[spec].made.at(world.requests[caller].ordinal);
  const auto peer = upstream.choose(servers, tried, world.events.now(), luck);
  if (!peer) return false;
  const ClassId operation(blueprint.calls[spec].operation.index() + *peer);
  if (!connect(world, blueprint, caller, blueprint.classes[operation].service)) {
    answer(world, caller, Outcome::error_500, effects);
    return true;
  }
  upstream.begin(*peer);
  const std::uint64_t with_it = tried | std::uint64_t{1} << *peer;
  send(world, blueprint, caller, {.spec = spec, .peer = *peer, .tried = with_it}, effects);
  return true;
}

// What the client of a proxy gets when the server behind it ends so.
Outcome passed_on(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed:
    case Outcome::error_500:
    case Outcome::rejected_503:
      return outcome;
    case Outcome::timed_out:
    case Outcome::error_504:
      return Outcome::error_504;
    default:
      return Outcome::error_502;
  }
}

// To the server that has the connection: unless that has just closed it.
void pass_message_on(World& world, const Blueprint& blueprint, RequestId caller, CallSpecId spec,
                     Effects& effects) {
  const ConnectionId onward = world.connections[world.requests[caller].connection].onward;
  if (onward.is_none()) return answer(world, caller, Outcome::reset, effects);
  const std::uint32_t peer = world.connections[onward].peer;
  const Message message{.spec = spec, .peer = peer, .tried = std::uint64_t{1} << peer};
  send(world, blueprint, caller, message, effects);
}

void begin_proxied(World& world, const Blueprint& blueprint, RequestId caller, CallSpecId spec,
                   Effects& effects) {
  if (is_message(world, caller)) return pass_message_on(world, blueprint, caller, spec, effects);
  if (pass_on(world, blueprint, caller, spec, 0, effects)) return;
  answer(world, caller, Outcome::error_502, effects);
}

// A server had closed the connection that nginx has kept. The only one is asked again
// (ngx_http_upstream_next), over another connection: one of those that it knows is gone.
bool may_ask_again(const UpstreamSpec& servers, const Call& call, Outcome outcome) {
  return call.reuses && as_seen(outcome) == Outcome::reset && servers.peers.size() == 1;
}

// What is not idempotent is not sent twice (ngx_http_upstream_next).
bool may_ask_next(const Blueprint& blueprint, const UpstreamSpec& servers, const Request& request,
                  Outcome outcome) {
  if (!servers.next_after[static_cast<std::size_t>(outcome)]) return false;
  return servers.repeats_all || is_harmless_again(blueprint, request, outcome);
}

// A proxy never dies, so whoever asked is there. A WebSocket counts until it is closed.
void on_proxied_ended(World& world, const Blueprint& blueprint, RequestId id, Outcome outcome,
                      Effects& effects) {
  const Call call = world.calls[id];
  const UpstreamSpec& servers = blueprint.upstreams[blueprint.calls[call.spec].upstream];
  const bool next = may_ask_next(blueprint, servers, world.requests[id], outcome);
  const bool was_message = is_message(world, id);
  account_for_passed_on(world, call.caller);
  const bool stays = settle_tunnel(world, id, outcome);
  end_attempt(world, blueprint, id, effects);
  unlink(world, id);
  if (was_message) return answer(world, call.caller, message_passed_on(outcome), effects);
  close_socket(world, blueprint, call.caller);
  if (stays) return answer(world, call.caller, outcome, effects);
  upstream_of(world, blueprint, call.caller)
      .end(servers, call.peer, next || passed_on(outcome) != outcome, world.events.now());
  const std::uint64_t tried = may_ask_again(servers, call, outcome) ? 0 : call.tried;
  if (next && pass_on(world, blueprint, call.caller, call.spec, tried, effects)) return;
  answer(world, call.caller, passed_on(outcome), effects);
}

// --- Applications

// The next of the calls that begin together. Calls in turn are one: the first of them.
void begin_one(World& world, const Blueprint& blueprint, RequestId caller, Effects& effects) {
  Call& state = world.calls[caller];
  const CallSpecId spec = state.to_begin.first;
  const CallSpec& call = blueprint.calls[spec];
  const std::uint32_t number = state.begun++;
  if (!call.parallel || state.begun == call.count) {
    state.to_begin = {CallSpecId(spec.index() + 1), state.to_begin.count - 1};
    state.begun = 0;
  }
  if (!call.upstream.is_none()) {
    begin_proxied(world, blueprint, caller, spec, effects);
  } else if (!call.parallel) {
    if (!send_next(world, blueprint, caller, spec, 0, effects)) close_one(world, caller, effects);
  } else if (is_made(world, blueprint, caller, spec, number)) {
    send(world, blueprint, caller, {.spec = spec, .number = number}, effects);
    if (call.is_sent) close_one(world, caller, effects);
  } else {
    close_one(world, caller, effects);
  }
}

void fail(World& world, RequestId caller, Effects& effects) {
  world.requests[caller].reply = Outcome::error_500;
  abandon_calls(world, caller);
  effects.push(CallsDone{caller});
}

}  // namespace

void Call::hash_into(Hasher& hasher) const {
  hasher.add(caller.index());
  hasher.add(spec.index());
  hasher.add(number);
  hasher.add(twin.index());
  hasher.add(first.index());
  hasher.add(std::uint64_t{to_begin.first.index()} << 32 | to_begin.count);
  hasher.add(std::uint64_t{begun} << 32 | open);
  if (tried != 0) hasher.add(std::uint64_t{peer} << 32 ^ tried);
  if (reuses) hasher.add(std::uint64_t{1});
  if (is_sent) hasher.add(std::uint64_t{2});
  if (sockets > 0) hasher.add(std::uint64_t{sockets} << 2);
  connection.hash_into(hasher);
}

void begin_calls(World& world, const Blueprint& blueprint, RequestId caller, const StepSpec& step,
                 Effects& effects) {
  Call& state = world.calls[caller];
  COTENANT_ASSERT(state.open == 0 && state.first.is_none());
  state.to_begin = step.calls;
  for (std::uint32_t i = 0; i < step.calls.count; ++i) {
    const CallSpec& call = blueprint.calls[CallSpecId(step.calls.first.index() + i)];
    state.open += call.parallel ? call.count : 1;
  }
  Request& request = world.requests[caller];
  if (!request.ended) enter(request, WaitState::downstream, world.events.now());
  effects.push(BeginCalls{caller});
}

// One at a time, so that effects do not pile up. The first may fail before the others begin.
void on_begin_calls(World& world, const Blueprint& blueprint, RequestId caller, Effects& effects) {
  if (world.calls[caller].to_begin.count == 0) return;
  begin_one(world, blueprint, caller, effects);
  if (world.calls[caller].to_begin.count > 0) effects.push(BeginCalls{caller});
}

void send_probe(World& world, const Blueprint& blueprint, CallSpecId probe, std::uint64_t number,
                Effects& effects) {
  const Instant now = world.events.now();
  const RequestId id = world.requests.add();
  Request& request = world.requests[id];
  request.ordinal = number;
  request.request_class = blueprint.calls[probe].operation;
  request.arrival = now;
  request.attempted = now;
  request.since = now;
  world.calls.reset(id);
  world.calls[id].spec = probe;
  world.calls[id].is_sent = true;
  effects.push(RequestArrived{id});
  begin_attempt(world, blueprint, id, effects);
}

void on_call_ended(World& world, const Blueprint& blueprint, RequestId id, Outcome outcome,
                   Effects& effects) {
  const Call call = world.calls[id];
  const RequestId caller = call.caller, twin = call.twin;
  if (call.is_passed_on()) return on_proxied_ended(world, blueprint, id, outcome, effects);
  end_attempt(world, blueprint, id, effects);
  if (blueprint.calls[call.spec].is_probe) on_probe_ended(world, blueprint, call.spec, outcome);
  if (caller.is_none()) return;
  unlink(world, id);
  const bool answered = outcome == Outcome::completed;
  if (!twin.is_none()) {
    world.calls[twin].twin = RequestId::none();
    if (!answered) return;
    abandon(world, twin);
  }
  if (!answered && !blueprint.calls[call.spec].failure_is_ignored)
    return fail(world, caller, effects);
  const bool in_turn = !blueprint.calls[call.spec].parallel;
  const std::uint32_t following = (call.number & ~kHedge) + 1;
  if (in_turn && send_next(world, blueprint, caller, call.spec, following, effects)) return;
  close_one(world, caller, effects);
}

void start_hedging(World& world, const Blueprint& blueprint, RequestId id) {
  Call& call = world.calls[id];
  const std::optional<Duration>& after = blueprint.calls[call.spec].hedge_after;
  if (!after || !call.twin.is_none()) return;
  call.hedge_timer = world.events.start_timer(world.events.now() + *after, order(Phase::client),
                                              {EventKind::hedge_due, id.index()});
}

void on_hedge_due(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Call& call = world.calls[id];
  call.hedge_timer = Timer::none();
  const Message again{.spec = call.spec, .number = call.number ^ kHedge, .twin = id};
  send(world, blueprint, call.caller, again, effects);
}

void abandon_calls(World& world, RequestId caller) {
  if (!world.calls.in_use()) return;
  Call& state = world.calls[caller];
  while (!state.first.is_none()) abandon(world, state.first);
  state.to_begin = {};
  state.begun = 0;
  state.open = 0;
}

Call take_call(World& world, RequestId id) {
  const Call call = world.calls[id];
  if (!call.caller.is_none()) unlink(world, id);
  return call;
}

void put_call(World& world, RequestId id, const Call& call) {
  world.calls.reset(id);
  world.calls[id].spec = call.spec;
  world.calls[id].number = call.number;
  world.calls[id].twin = call.twin;
  world.calls[id].is_sent = call.is_sent;
  if (!call.twin.is_none()) world.calls[call.twin].twin = id;
  if (!call.caller.is_none()) link(world, call.caller, id);
}

}  // namespace cotenant
