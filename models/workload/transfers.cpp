// SPDX-License-Identifier: Apache-2.0
#include "models/workload/transfers.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace cotenant {
namespace {

// Far beyond what anybody sends, so that sums and products stay in range.
constexpr double kLargest = 1e12;

Bytes draw_bytes(const Sampler& law, Draws draws) {
  return Bytes(static_cast<std::int64_t>(std::clamp(law.draw(draws), 0.0, kLargest) + 0.5));
}

// A user has one link for all requests; of others each request has its own client.
const LinkSpec& link_of(const World& world, const Blueprint& blueprint, const Request& request) {
  const LinksSpec& links = blueprint.links;
  if (links.slow_share <= 0) return links.usual;
  const Stream stream = world.chance.sources[request.source].link;
  Draws draws =
      request.user.is_none() ? stream.at(request.ordinal) : stream.sub(1).at(request.ordinal >> 32);
  return draws.next_unit() < links.slow_share ? links.slow : links.usual;
}

// A proxy that does not wait for the whole request lets its server wait, and one that does not keep
// replies holds on to what its own kernel does not take.
void begin_passed_on(World& world, const Blueprint& blueprint, RequestId id) {
  const Call& call = world.calls[id];
  const UpstreamId upstream = blueprint.calls[call.spec].upstream;
  if (upstream.is_none()) return;
  const UpstreamSpec& proxy = blueprint.upstreams[upstream];
  Transfer& transfer = world.transfers[id];
  transfer = world.transfers[call.caller];
  transfer.timer = Timer::none();
  transfer.received = Instant();
  if (proxy.buffers_requests) transfer.request = Bytes(0);
  if (proxy.buffers_requests) transfer.link.silence = Duration(0);
  const ServiceId server = blueprint.classes[world.requests[id].request_class].service;
  const bool is_taken =
      proxy.buffers_replies || blueprint.services[server].front == Front::keeps_bodies;
  const bool streams = !is_taken && transfer.response > kSendBuffer;
  transfer.response = streams ? transfer.response - kSendBuffer : Bytes(0);
}

// Null: it is for another kind of server.
const LoopSpec* loops_of(const World& world, const Blueprint& blueprint, RequestId id) {
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  return std::get_if<LoopSpec>(&blueprint.services[service].server);
}

Bytes buffer_of(const World& world, const Blueprint& blueprint, RequestId id) {
  const LoopSpec* loops = loops_of(world, blueprint, id);
  return loops != nullptr && !loops->proxy ? kSendBuffer + kLoopBuffer : kSendBuffer;
}

// A proxy that passes on what it has needs the headers only.
bool needs_headers_only(const World& world, const Blueprint& blueprint, RequestId id) {
  const LoopSpec* loops = loops_of(world, blueprint, id);
  return loops != nullptr && loops->proxy &&
         !blueprint.upstreams[loops->proxy->upstream].buffers_requests;
}

// A proxy gives up who sends nothing: the connection is closed without a word, and 408 is in its
// log only (ngx_http_wait_request_handler, ngx_http_process_request_line).
std::optional<Instant> silent_until(const World& world, const Blueprint& blueprint, RequestId id) {
  const LoopSpec* loops = loops_of(world, blueprint, id);
  const bool is_asked_first = loops != nullptr && loops->proxy && !world.requests[id].is_call();
  const Transfer& transfer = world.transfers[id];
  if (!is_asked_first || transfer.link.silence <= loops->proxy->header_timeout) return std::nullopt;
  return transfer.connected + loops->proxy->header_timeout;
}

Duration upload_left(World& world, const Blueprint& blueprint, RequestId id) {
  Request& request = world.requests[id];
  const Instant now = world.events.now();
  const Transfer& transfer = world.transfers[id];
  const Instant begins = transfer.connected + transfer.link.silence;
  const Instant there =
      needs_headers_only(world, blueprint, id) ? std::max(begins, now) : transfer.arrives(now);
  if (const auto given_up = silent_until(world, blueprint, id)) {
    request.reply = Outcome::reset;
    return request.ended ? Duration(0) : std::max(*given_up - now, Duration(0));
  }
  if (!request.ended) return there - now;
  if (there > now) request.reply = Outcome::reset;
  return Duration(0);
}

// Until the kernel has taken all that the client has not.
Duration download_left(World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  Transfer& transfer = world.transfers[id];
  const Instant now = world.events.now();
  if (request.ended || transfer.link.download == 0 || transfer.response.is_zero()) {
    return Duration(0);
  }
  if (transfer.received == Instant()) {
    transfer.received = now + time_for(transfer.response, transfer.link.download);
    // All proxies on the way pass on what comes.
    for (RequestId up = id; world.requests[up].is_call();) {
      up = world.calls[up].caller;
      if (up.is_none()) break;
      Transfer& caller = world.transfers[up];
      caller.received = now + time_for(caller.response, caller.link.download);
    }
  }
  const Duration in_kernel = time_for(buffer_of(world, blueprint, id), transfer.link.download);
  return std::max(transfer.received - now - in_kernel, Duration(0));
}

}  // namespace

void begin_transfer(World& world, const Blueprint& blueprint, RequestId id) {
  world.transfers.reset(id);
  const Request& request = world.requests[id];
  if (request.is_call()) return begin_passed_on(world, blueprint, id);
  const std::optional<BodySpec>& body = blueprint.classes[request.request_class].body;
  Transfer& transfer = world.transfers[id];
  transfer.link = link_of(world, blueprint, request);
  if (!body) return;
  const Stream stream = world.chance.bodies[request.request_class];
  transfer.request = draw_bytes(body->request, stream.at(request.ordinal));
  transfer.response = draw_bytes(body->response, stream.sub(1).at(request.ordinal));
}

void note_connected(World& world, RequestId id, bool is_kept) {
  if (world.requests[id].is_call()) return;
  Transfer& transfer = world.transfers[id];
  transfer.connected = world.events.now();
  if (is_kept) transfer.link.silence = Duration(0);
}

Duration time_in_front(World& world, const Blueprint& blueprint, RequestId id) {
  const Request& request = world.requests[id];
  if (request.is_call()) return Duration(0);
  const Front front = blueprint.services[blueprint.classes[request.request_class].service].front;
  if (front == Front::nothing) return Duration(0);
  Transfer& transfer = world.transfers[id];
  Duration time = transfer.link.silence;
  transfer.link.silence = Duration(0);
  if (front == Front::keeps_bodies) time += time_for(transfer.request, transfer.link.upload);
  return time;
}

Duration time_of_step(World& world, const Blueprint& blueprint, RequestId id, StepSpec::Kind kind) {
  return kind == StepSpec::Kind::upload ? upload_left(world, blueprint, id)
                                        : download_left(world, blueprint, id);
}

WaitState state_of_step(StepSpec::Kind kind) {
  return kind == StepSpec::Kind::upload ? WaitState::client_upload : WaitState::client_download;
}

bool goes_on_receiving(World& world, RequestId id, Outcome outcome) {
  Transfer& transfer = world.transfers[id];
  if (outcome != Outcome::completed || transfer.response.is_zero()) return false;
  const Instant now = world.events.now();
  if (transfer.received == Instant()) {
    transfer.received = now + time_for(transfer.response, transfer.link.download);
  }
  if (transfer.received <= now) return false;
  enter(world.requests[id], WaitState::client_download, now);
  transfer.timer = world.events.start_timer(transfer.received, order(Phase::server),
                                            {EventKind::transfer_done, id.index()});
  return true;
}

bool is_receiving(const World& world, RequestId id) {
  const Request& request = world.requests[id];
  return world.transfers.in_use() && !request.at_server &&
         request.state == WaitState::client_download;
}

Outcome outcome_of_victim(const World& world, RequestId id, Outcome otherwise) {
  if (otherwise == Outcome::oom_killed) return otherwise;
  const bool was_replying = world.transfers.in_use() && world.transfers[id].received > Instant();
  return was_replying ? Outcome::reset : otherwise;
}

}  // namespace cotenant
