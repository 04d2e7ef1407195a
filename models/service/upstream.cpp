// SPDX-License-Identifier: Apache-2.0
#include "models/service/upstream.h"

#include <algorithm>

namespace cotenant {
namespace {

constexpr std::uint64_t bit(std::uint32_t peer) { return std::uint64_t{1} << peer; }

// By weight, of those that are available.
std::uint32_t draw_peer(const UpstreamSpec& spec, std::uint64_t available, Draws& luck) {
  std::uint64_t total = 0;
  for (std::uint32_t p = 0; p < spec.peers.size(); ++p) {
    if (available & bit(p)) total += static_cast<std::uint64_t>(spec.peers[p].weight);
  }
  std::uint64_t drawn = luck.next_below(total);
  for (std::uint32_t p = 0; p < spec.peers.size(); ++p) {
    if (!(available & bit(p))) continue;
    const auto weight = static_cast<std::uint64_t>(spec.peers[p].weight);
    if (drawn < weight) return p;
    drawn -= weight;
  }
  COTENANT_ASSERT(false && "a draw is below the total weight");
  return 0;
}

}  // namespace

bool Upstream::is_available(const UpstreamSpec& spec, std::uint32_t peer, std::uint64_t tried,
                            Instant now) const {
  const PeerSpec& rules = spec.peers[peer];
  const Peer& state = peers_[peer];
  if (tried & bit(peer)) return false;
  if (rules.max_connections > 0 && state.connections >= rules.max_connections) return false;
  // Without another one to turn to, failures do not count.
  const bool counts = rules.max_fails > 0 && spec.peers.size() > 1;
  return !counts || state.fails < rules.max_fails || now - state.checked > rules.fail_timeout;
}

// Smooth weighted round robin: each gains its weight, the largest is chosen and pays the total.
std::uint32_t Upstream::round_robin(const UpstreamSpec& spec, std::uint64_t available) {
  std::int64_t total = 0;
  std::optional<std::uint32_t> best;
  for (std::uint32_t p = 0; p < spec.peers.size(); ++p) {
    if (!(available & bit(p))) continue;
    Peer& peer = peers_[p];
    const std::int64_t weight = spec.peers[p].weight - peer.lost_weight;
    peer.current_weight += weight;
    total += weight;
    peer.lost_weight = std::max<std::int64_t>(peer.lost_weight - 1, 0);
    if (!best || peer.current_weight > peers_[*best].current_weight) best = p;
  }
  peers_[*best].current_weight -= total;
  return *best;
}

// Those with the fewest connections for their weight.
std::uint64_t Upstream::least_loaded(const UpstreamSpec& spec, std::uint64_t available) const {
  std::uint64_t best = 0;
  std::int64_t connections = 0, weight = 1;  // of the best
  for (std::uint32_t p = 0; p < spec.peers.size(); ++p) {
    if (!(available & bit(p))) continue;
    const std::int64_t here = std::int64_t{peers_[p].connections} * weight;
    const std::int64_t there = connections * spec.peers[p].weight;
    if (best != 0 && here > there) continue;
    if (best == 0 || here < there) {
      best = 0;
      connections = peers_[p].connections;
      weight = spec.peers[p].weight;
    }
    best |= bit(p);
  }
  return best;
}

// ngx_http_upstream_get_random2_peer(): with as many connections for its weight, the second one.
std::uint32_t Upstream::random_two(const UpstreamSpec& spec, std::uint64_t available,
                                   Draws luck) const {
  const std::uint32_t first = draw_peer(spec, available, luck);
  const std::uint64_t others = available & ~bit(first);
  if (others == 0) return first;
  const std::uint32_t second = draw_peer(spec, others, luck);
  const std::int64_t at_second =
      std::int64_t{peers_[second].connections} * spec.peers[first].weight;
  const std::int64_t at_first = std::int64_t{peers_[first].connections} * spec.peers[second].weight;
  return at_second > at_first ? first : second;
}

std::uint32_t Upstream::choose_from(const UpstreamSpec& spec, std::uint64_t available, Draws luck) {
  switch (spec.balance) {
    case Balance::round_robin:
      break;
    case Balance::least_connections:
      return round_robin(spec, least_loaded(spec, available));
    case Balance::random_two:
      return random_two(spec, available, luck);
    case Balance::random:
    case Balance::by_client:
      return draw_peer(spec, available, luck);
  }
  return round_robin(spec, available);
}

std::optional<std::uint32_t> Upstream::choose(const UpstreamSpec& spec, std::uint64_t tried,
                                              Instant now, Draws luck) {
  std::uint64_t available = 0;
  for (std::uint32_t p = 0; p < spec.peers.size(); ++p) {
    if (is_available(spec, p, tried | unready_, now)) available |= bit(p);
  }
  if (available == 0) return std::nullopt;
  const std::uint32_t chosen = choose_from(spec, available, luck);
  Peer& peer = peers_[chosen];
  if (now - peer.checked > spec.peers[chosen].fail_timeout) peer.checked = now;
  return chosen;
}

// It works again: what it failed before it was last checked is forgotten.
void Upstream::set_ready(std::uint32_t peer, bool ready) {
  unready_ = ready ? unready_ & ~bit(peer) : unready_ | bit(peer);
}

void Upstream::end_well(std::uint32_t chosen) {
  Peer& peer = peers_[chosen];
  --peer.connections;
  if (peer.accessed < peer.checked) peer.fails = 0;
}

void Upstream::end(const UpstreamSpec& spec, std::uint32_t chosen, bool failed, Instant now) {
  if (!failed) return end_well(chosen);
  Peer& peer = peers_[chosen];
  const PeerSpec& rules = spec.peers[chosen];
  --peer.connections;
  ++peer.fails;
  peer.accessed = peer.checked = now;
  if (rules.max_fails == 0) return;
  const std::int64_t lost = peer.lost_weight + rules.weight / rules.max_fails;
  peer.lost_weight = std::min(lost, rules.weight);
}

void Upstream::hash_into(Hasher& hasher) const {
  for (const Peer& peer : peers_) {
    hasher.add_signed(peer.current_weight);
    hasher.add_signed(peer.lost_weight);
    hasher.add(std::uint64_t{peer.connections} << 32 | peer.fails);
    hasher.add_signed(peer.accessed.ns());
    hasher.add_signed(peer.checked.ns());
  }
  if (unready_ != 0) hasher.add(unready_);
}

}  // namespace cotenant
