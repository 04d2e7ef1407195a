// SPDX-License-Identifier: Apache-2.0
#include "models/workload/client.h"

#include <algorithm>

#include "models/network/syn.h"
#include "models/service/calls.h"
#include "models/service/ports.h"
#include "models/service/trips.h"
#include "models/service/tunnels.h"
#include "models/workload/pings.h"
#include "models/workload/transfers.h"

namespace cotenant {
namespace {

// Of a task that no service has sent: nobody gives it up or sends it again.
const SenderSpec kNobodyWaits;

// When a web server that connects for its client tries again, counted from the first time: every
// 1/8 s for 2 s, and then every second (mod_wsgi 5, wsgi_connect_daemon).
constexpr Duration kConnectPause = milliseconds(125);
constexpr std::int64_t kShortPauses = 16;
Duration connects_again_after(std::int64_t failures) {
  if (failures <= kShortPauses) return kConnectPause * failures;
  return kConnectPause * kShortPauses + seconds(failures - kShortPauses);
}

// Of the service that the request is for; none: whoever sends it connects by TCP.
const std::optional<Duration>& connect_timeout(const World& world, const Blueprint& blueprint,
                                               RequestId id) {
  return blueprint.services[blueprint.classes[world.requests[id].request_class].service]
      .connect_timeout;
}

// The request of a client for which a proxy makes the call; none: another service makes it.
RequestId passed_on_by(const World& world, const Blueprint& blueprint, RequestId call) {
  const bool is_passed_on = !blueprint.calls[world.calls[call].spec].upstream.is_none();
  return is_passed_on ? world.calls[call].caller : RequestId::none();
}

// The session of whose WebSocket the request is a part, also behind proxies; none: of no one's.
SessionId websocket_of(const World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  if (request.is_call()) {
    const RequestId caller = passed_on_by(world, blueprint, id);
    const ConnectionId over =
        caller.is_none() ? ConnectionId::none() : world.requests[caller].connection;
    return over.is_none() ? SessionId::none() : world.connections[over].session;
  }
  const std::optional<SessionSpec>& sessions = blueprint.sources[request.source].sessions;
  const bool uses_one = sessions && sessions->websocket;
  return uses_one ? blueprint.session_of(request.user) : SessionId::none();
}

// Tasks are handed to a broker. A closed user sends one request at a time; the others share what
// they have to the service, the requests of a proxy's process what that has to the servers behind
// it, and the calls of another process what that has to the service.
KeeperId keeper_of(const World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  if (blueprint.classes[request.request_class].is_task) return KeeperId::none();
  const ServiceId service = blueprint.classes[request.request_class].service;
  const SessionId session = websocket_of(world, blueprint, id);
  if (!session.is_none()) return blueprint.keeper_of(service, session);
  if (!request.is_call()) return blueprint.keeper_of(service, request.user);
  const Call& call = world.calls[id];
  if (call.caller.is_none()) return KeeperId::none();
  const TaskRef task = world.requests[call.caller].task;
  return blueprint.calls[call.spec].upstream.is_none()
             ? blueprint.keeper_of(task, service)
             : blueprint.keeper_of(blueprint.process_of(task));
}

// Over a new connection.
void connect(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  if (!world.requests[id].is_call()) return effects.push(Connect{id});
  if (!open_end(world, blueprint, id)) {
    return effects.push(RequestEnded{id, Outcome::refused});
  }
  const bool is_one_computer = blueprint.network_rtt.is_zero();
  if (!is_one_computer && sets_out(world, blueprint, id, trips_over_new(world, blueprint, id))) {
    return;
  }
  effects.push(Connect{id});
}

// Over one that was kept.
void send_over_kept(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const bool is_call = world.requests[id].is_call();
  if (is_call && sets_out(world, blueprint, id, kTripsOverKept)) return;
  effects.push(SendRequest{id});
}

// One that is kept, for the request: a message goes where the one before it went.
ConnectionId take_kept(World& world, const Blueprint& blueprint, KeeperId keeper, RequestId id) {
  const Request& request = world.requests[id];
  const ServiceId service = blueprint.classes[request.request_class].service;
  const bool in_tunnel = request.is_call() && !websocket_of(world, blueprint, id).is_none();
  if (!in_tunnel) return world.connections.take(keeper, service, id);
  const ConnectionId over = world.requests[world.calls[id].caller].connection;
  const ConnectionId onward = world.connections[over].onward;
  if (!onward.is_none()) world.connections.use(onward, id);
  return onward;
}

void send(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  if (world.connections.nobody_keeps_any()) return connect(world, blueprint, id, effects);
  const KeeperId keeper = keeper_of(world, blueprint, id);
  if (keeper.is_none()) return connect(world, blueprint, id, effects);
  Request& request = world.requests[id];
  const ServiceId service = blueprint.classes[request.request_class].service;
  request.connection = take_kept(world, blueprint, keeper, id);
  const bool reuses = !request.connection.is_none();
  if (request.is_call()) world.calls[id].reuses = reuses;
  if (reuses) return send_over_kept(world, blueprint, id, effects);
  request.connection = world.connections.open(keeper, service, id);
  world.connections[request.connection].session = websocket_of(world, blueprint, id);
  connect(world, blueprint, id, effects);
}

// The server does not know of the request before it is there.
bool waits_in_front(World& world, const Blueprint& blueprint, RequestId id) {
  begin_transfer(world, blueprint, id);
  const Duration time = time_in_front(world, blueprint, id);
  if (time.is_zero()) return false;
  const Instant now = world.events.now();
  enter(world.requests[id], WaitState::client_upload, now);
  world.transfers[id].timer = world.events.start_timer(now + time, order(Phase::arrival),
                                                       {EventKind::transfer_done, id.index()});
  return true;
}

void hang_up(World& world, ConnectionId id, Effects& effects) {
  stop_pings(world, id);
  if (world.connections.hang_up(id, world.events.now())) effects.push(HangUp{id});
}

// nginx closes the connection to the server when its own client has left. Others go on.
bool is_wanted(const World& world, const Blueprint& blueprint, RequestId id) {
  if (!world.requests[id].is_call()) return true;
  const Call& call = world.calls[id];
  if (call.caller.is_none()) return false;
  return blueprint.calls[call.spec].upstream.is_none() || !world.requests[call.caller].ended;
}

// It has given up while the reply came.
bool leaves_reply(const World& world, RequestId ended) {
  return is_receiving(world, ended) && world.transfers[ended].received > world.events.now();
}

// Connections to other services that have been unused for long enough are closed; one timer for all
// that a keeper has.
void look_at_kept(World& world, std::uint32_t row, Instant at) {
  world.keep_timers[row] =
      world.events.start_timer(at, order(Phase::server), {EventKind::keep_due, row});
}

void keep(World& world, const Blueprint& blueprint, KeeperId keeper,
          const std::optional<Duration>& longest, ConnectionId id) {
  const Instant now = world.events.now();
  world.connections.keep(id, now);
  if (!longest || !world.keep_timers[blueprint.row_of(keeper)].is_none()) return;
  look_at_kept(world, blueprint.row_of(keeper), now + *longest);
}

void give_up_all(World& world, KeeperId keeper, Effects& effects) {
  while (world.connections.kept(keeper) > 0) {
    hang_up(world, world.connections.give_up_one(keeper), effects);
  }
}

// The proxy goes on with it, or closes it.
void leave_tunnel(World& world, ConnectionId id, Effects& effects) {
  if (!world.connections[id].origin.is_none()) return;
  if (world.connections.hang_up(id, world.events.now())) effects.push(HangUp{id});
}

// A connection is worth keeping when the server keeps it, too, and has not got the request or has
// replied to it. With too many of them clients and urllib3 give up this one (connectionpool.py,
// _put_conn), and nginx that which it has not used for longest
// (ngx_http_upstream_keepalive_module.c).
void let_go(World& world, const Blueprint& blueprint, RequestId ended, Effects& effects) {
  const Request& request = world.requests[ended];
  const ConnectionId id = request.connection;
  const Connection& connection = world.connections[id];
  if (!request.at_server && !connection.request.is_none()) world.connections.release(id);
  const bool usable = connection.idle && connection.request.is_none();
  if (!request.is_call() && !usable) stop_pings(world, id);
  if (!usable) return world.connections.close_by_client(id, world.events.now());
  if (request.is_call() && connection.is_websocket()) return leave_tunnel(world, id, effects);
  const bool is_whole = !leaves_reply(world, ended) && !is_on_its_way(request);
  if (!is_whole || !is_wanted(world, blueprint, ended)) return hang_up(world, id, effects);
  const KeeperId keeper = connection.keeper;
  const Keeping keeping = blueprint.keeping_of(keeper);
  const bool is_full = world.connections.kept(keeper) >= keeping.most;
  const bool is_proxy = keeping.uses.has_value();
  const bool is_used_up = is_proxy && connection.requests >= *keeping.uses;
  if (is_used_up || (is_full && !is_proxy)) return hang_up(world, id, effects);
  if (is_full) hang_up(world, world.connections.give_up_one(keeper), effects);
  keep(world, blueprint, keeper, keeping.longest, id);
  begin_pings(world, blueprint, id);
}

// By squaring, so that powers of whole numbers are exact; infinite when too large.
double power(double base, std::uint32_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 != 0) result *= base;
  }
  return result;
}

double jittered(Jitter jitter, double pause, Draws& draws) {
  switch (jitter) {
    case Jitter::none:
      break;
    case Jitter::full:
      return pause * draws.next_unit();
    case Jitter::equal:
      return pause * (1 + draws.next_unit()) / 2;
  }
  return pause;
}

// Keyed by request and attempt: the luck of one does not depend on the others.
Duration draw_pause(const BackoffSpec& backoff, Stream stream, const Request& request) {
  Draws draws = stream.sub(request.attempts).at(request.ordinal);
  const double base = backoff.base.draw(draws);
  if (base <= 0) return Duration(0);
  const double grown = base * power(backoff.factor, request.attempts - 1);
  const double pause = std::min(grown, static_cast<double>(backoff.cap.count()));
  return duration_from_nanoseconds(jittered(backoff.jitter, pause, draws));
}

const SenderSpec& sender_of(const World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  if (!request.is_call()) {
    return blueprint.classes[request.request_class].is_task ? kNobodyWaits : blueprint.clients;
  }
  return blueprint.calls[world.calls[id].spec].sender;
}

// The router of the platform, where it gives up before the client does; null: it does not. It lets
// WebSockets pass for as long as they like.
const RouterSpec* impatient_router(const World& world, const Blueprint& blueprint, RequestId id) {
  if (!blueprint.router || world.requests[id].is_call()) return nullptr;
  const Request& request = world.requests[id];
  const auto& sessions = blueprint.sources[request.source].sessions;
  if ((sessions && sessions->websocket) || blueprint.classes[request.request_class].is_task) {
    return nullptr;
  }
  const std::optional<Duration>& of_client = blueprint.clients.timeout;
  return of_client && *of_client <= blueprint.router->timeout ? nullptr : &*blueprint.router;
}

void wait_at_most(World& world, RequestId id, Instant until) {
  world.requests[id].timeout = world.events.start_timer(until, order(Phase::client),
                                                        {EventKind::client_timeout, id.index()});
}

std::int64_t& retry_tokens_of(World& world, RequestId id) {
  const Request& request = world.requests[id];
  if (!request.is_call()) return world.sources[request.source].retry_tokens;
  return world.call_retry_tokens[world.calls[id].spec];
}

Stream retry_pauses_of(const World& world, RequestId id) {
  const Request& request = world.requests[id];
  if (!request.is_call()) return world.chance.sources[request.source].retry;
  return world.chance.calls[world.calls[id].spec].retry;
}

}  // namespace

void begin_attempt(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const Instant now = world.events.now();
  if (const RouterSpec* router = impatient_router(world, blueprint, id)) {
    wait_at_most(world, id, now + router->timeout);
  } else if (const auto& timeout = sender_of(world, blueprint, id).timeout) {
    wait_at_most(world, id, now + *timeout);
  }
  if (world.requests[id].is_call()) start_hedging(world, blueprint, id);
  if (world.transfers.in_use() && waits_in_front(world, blueprint, id)) return;
  send(world, blueprint, id, effects);
}

void stop_waiting(World& world, RequestId id) {
  Request& request = world.requests[id];
  stop_timer(world, request.timeout);
  if (request.is_call()) stop_timer(world, world.calls[id].hedge_timer);
}

void end_attempt(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  stop_waiting(world, id);
  stop_timer(world, request.syn_timer);
  if (world.transfers.in_use()) stop_timer(world, world.transfers[id].timer);
  request.ended = true;
  if (!request.connection.is_none()) let_go(world, blueprint, id, effects);
  if (!request.at_server) return world.requests.remove(id);
  const bool is_told = world.calls.in_use() || world.transfers.in_use();
  if (is_told && !request.is_call()) effects.push(ClientLeft{id});
}

void on_transfer_done(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  world.transfers[id].timer = Timer::none();
  Request& request = world.requests[id];
  if (request.state == WaitState::client_download) {
    return effects.push(RequestEnded{id, Outcome::completed});
  }
  enter(request, WaitState::accept_queue, world.events.now());
  send(world, blueprint, id, effects);
}

void on_keep_due(World& world, const Blueprint& blueprint, std::uint32_t row, Effects& effects) {
  world.keep_timers[row] = Timer::none();
  const KeeperId keeper = blueprint.keeper_in(row);
  const Duration longest = blueprint.keeping_of(keeper).longest.value();
  effects.reserve(world.connections.kept(keeper));
  for (;;) {
    const ConnectionId earliest = world.connections.unused_longest(keeper);
    if (earliest.is_none()) return;
    const Instant expiry = world.connections[earliest].unused_since + longest;
    if (expiry > world.events.now()) return look_at_kept(world, row, expiry);
    hang_up(world, world.connections.give_up_one(keeper), effects);
  }
}

// A router does not interrupt a reply that has begun; then its client waits for as long as it may.
void on_client_timeout(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  request.timeout = Timer::none();
  const RouterSpec* router = impatient_router(world, blueprint, id);
  const auto& of_client = sender_of(world, blueprint, id).timeout;
  const bool is_of_client = of_client && world.events.now() - request.attempted >= *of_client;
  if (router == nullptr || is_of_client) {
    effects.push(RequestEnded{id, Outcome::timed_out});
  } else if (request.state != WaitState::client_download) {
    effects.push(RequestEnded{id, router->reply});
  } else if (of_client) {
    wait_at_most(world, id, request.attempted + *of_client);
  }
}

void on_syn_dropped(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  const Instant now = world.events.now();
  const std::optional<Duration>& timeout = connect_timeout(world, blueprint, id);
  if (timeout && now - request.attempted >= *timeout) {
    return effects.push(RequestEnded{id, Outcome::rejected_503});
  }
  enter(request, WaitState::syn_retry, now);
  const Duration tcp = request.syns_dropped < kSynAgainAfter.size()
                           ? kSynAgainAfter[request.syns_dropped]
                           : kSynGivesUpAfter;
  const Duration after = timeout ? connects_again_after(request.syns_dropped + 1) : tcp;
  ++request.syns_dropped;
  request.syn_timer = world.events.start_timer(request.attempted + after, order(Phase::arrival),
                                               {EventKind::syn_due, id.index()});
}

void on_syn_due(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  request.syn_timer = Timer::none();
  if (is_abandoned(world, id)) {
    effects.push(RequestEnded{id, Outcome::abandoned});
  } else if (request.syns_dropped > kSynAgainAfter.size() &&
             !connect_timeout(world, blueprint, id)) {
    effects.push(RequestEnded{id, Outcome::refused});
  } else {
    effects.push(Connect{id});
  }
}

void close_connections(World& world, const Blueprint& blueprint, SessionId session,
                       Effects& effects) {
  for (std::uint32_t s = 0; s < blueprint.services.size(); ++s) {
    const KeeperId keeper = blueprint.keeper_of(ServiceId(s), session);
    give_up_all(world, keeper, effects);
  }
}

void close_kept(World& world, const Blueprint& blueprint, KeptRange kept, Effects& effects) {
  for (std::uint32_t k = kept.first; k < kept.first + kept.count; ++k) {
    give_up_all(world, blueprint.keeper_of_kept(k), effects);
  }
}

bool is_harmless_again(const Blueprint& blueprint, const Request& request, Outcome outcome) {
  return blueprint.classes[request.request_class].idempotent || !was_sent(request, outcome);
}

void open_retry_budgets(World& world, const Blueprint& blueprint) {
  const auto& clients = blueprint.clients.retries;
  for (SourceState& source : world.sources) {
    if (clients && clients->budget) source.retry_tokens = clients->budget->burst;
  }
  for (std::uint32_t c = 0; c < blueprint.calls.size(); ++c) {
    const auto& retries = blueprint.calls[CallSpecId(c)].sender.retries;
    if (retries && retries->budget) {
      world.call_retry_tokens[CallSpecId(c)] = retries->budget->burst;
    }
  }
}

void earn_retries(World& world, const Blueprint& blueprint, RequestId id) {
  const std::optional<RetrySpec>& retries = sender_of(world, blueprint, id).retries;
  if (!retries || !retries->budget) return;
  const RetryBudget& budget = *retries->budget;
  std::int64_t& tokens = retry_tokens_of(world, id);
  tokens = std::min(tokens + budget.earned, budget.burst);
}

std::optional<Duration> claim_retry(World& world, const Blueprint& blueprint, RequestId id,
                                    Outcome outcome) {
  const std::optional<RetrySpec>& retries = sender_of(world, blueprint, id).retries;
  if (!retries || !retries->on[static_cast<std::size_t>(outcome)]) return std::nullopt;
  const Request& request = world.requests[id];
  if (is_abandoned(world, id)) return std::nullopt;
  if (retries->only_idempotent && !is_harmless_again(blueprint, request, outcome)) {
    return std::nullopt;
  }
  if (retries->max && request.attempts > *retries->max) return std::nullopt;
  const Duration pause = draw_pause(retries->backoff, retry_pauses_of(world, id), request);
  const Duration begins_after = world.events.now() + pause - request.arrival;
  if (retries->deadline && begins_after > *retries->deadline) return std::nullopt;
  if (!retries->budget) return pause;
  std::int64_t& tokens = retry_tokens_of(world, id);
  if (tokens < kRetryToken) return std::nullopt;
  tokens -= kRetryToken;
  return pause;
}

void try_again(World& world, const Blueprint& blueprint, RequestId id, Duration pause,
               Effects& effects) {
  const Instant now = world.events.now();
  const Request failed = world.requests[id];
  const std::optional<Call> call =
      failed.is_call() ? std::optional(take_call(world, id)) : std::nullopt;
  end_attempt(world, blueprint, id, effects);
  const RequestId next_id = add_row_of(world, failed);
  Request& next = world.requests[next_id];
  next.attempts = failed.attempts;
  next.state = WaitState::retry;
  next.since = next.arrival;
  if (call) put_call(world, next_id, *call);
  world.events.start_timer(now + pause, order(Phase::arrival),
                           {EventKind::retry_due, next_id.index()});
}

void on_retry_due(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  if (is_abandoned(world, id)) return effects.push(RequestEnded{id, Outcome::abandoned});
  Request& request = world.requests[id];
  request.attempted = world.events.now();
  ++request.attempts;
  enter(request, WaitState::accept_queue, request.attempted);
  begin_attempt(world, blueprint, id, effects);
}

}  // namespace cotenant
