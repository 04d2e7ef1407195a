// SPDX-License-Identifier: Apache-2.0
#include "models/disk/kyber.h"

#include <algorithm>

namespace cotenant {
namespace {

constexpr std::size_t kFlushes = 2;

// kyber_latency_targets.
constexpr Duration kTargets[] = {milliseconds(2), milliseconds(10)};

// With fewer samples a percentile is known a second after the first of them.
constexpr std::uint32_t kEnoughSamples = 500;

}  // namespace

std::array<KyberScheduler::Domain, KyberScheduler::kDomains> KyberScheduler::with_all_depths() {
  std::array<Domain, kDomains> domains;
  for (std::size_t d = 0; d < kDomains; ++d) domains[d].depth = kDepths[d];
  return domains;
}

// What has no bytes is a flush.
std::size_t KyberScheduler::domain_of(const Io& io) {
  return io.bytes.is_zero() ? kFlushes : static_cast<std::size_t>(io.kind);
}

void KyberScheduler::add(const Io& io, IoId id) {
  domains_[domain_of(io)].waiting.push_growing(id);
}

bool KyberScheduler::empty() const {
  return std::all_of(domains_.begin(), domains_.end(),
                     [](const Domain& domain) { return domain.waiting.empty(); });
}

IoId KyberScheduler::take_from(Domain& domain) {
  ++domain.under_way;
  ++batched_;
  return domain.waiting.pop();
}

IoId KyberScheduler::take(const IoTable&, Instant) {
  if (batched_ < kBatches[turn_] && may_go(domains_[turn_])) return take_from(domains_[turn_]);
  batched_ = 0;
  for (std::size_t i = 0; i < kDomains; ++i) {
    turn_ = (turn_ + 1) % kDomains;
    if (may_go(domains_[turn_])) return take_from(domains_[turn_]);
  }
  return IoId::none();
}

void KyberScheduler::Histogram::add(Duration target, Duration latency) {
  const Duration width = target / kGoodBuckets;
  const std::int64_t bucket = latency.is_zero() ? 0 : (latency.count() - 1) / width.count();
  ++buckets[static_cast<std::size_t>(std::min<std::int64_t>(bucket, kBuckets - 1))];
}

void KyberScheduler::done(const Io& io, Duration queued, Duration served, Instant now) {
  const std::size_t number = domain_of(io);
  Domain& domain = domains_[number];
  --domain.under_way;
  if (number == kFlushes) return;
  domain.total.add(kTargets[number], queued + served);
  domain.at_device.add(kTargets[number], served);
  if (looks_ != Instant::never()) return;
  const Jiffies jiffy = clock_.at(now);
  looks_ = clock_.begins(timer_goes_off(jiffy + clock_.per_second() / 10, jiffy));
}

// The bucket that it is in; -1: not known yet. What was counted is forgotten then.
int KyberScheduler::percentile(Domain& domain, Histogram& histogram, std::uint32_t rank,
                               Jiffies now) const {
  std::uint32_t samples = 0;
  for (const std::uint32_t count : histogram.buckets) samples += count;
  if (samples == 0) return -1;
  if (domain.decides == 0) domain.decides = std::max<Jiffies>(now + clock_.per_second(), 1);
  if (samples < kEnoughSamples && now < domain.decides) return -1;
  domain.decides = 0;
  std::uint32_t left = (samples * rank + 99) / 100;
  std::uint32_t bucket = 0;
  for (; bucket < kBuckets - 1 && histogram.buckets[bucket] < left; ++bucket) {
    left -= histogram.buckets[bucket];
  }
  histogram = {};
  return static_cast<int>(bucket);
}

void KyberScheduler::adjust(std::size_t number, bool is_slow, Jiffies now) {
  Domain& domain = domains_[number];
  int p99 = percentile(domain, domain.total, 99, now);
  if (is_slow) {
    if (p99 < 0) p99 = domain.p99;
    domain.p99 = -1;
  } else if (p99 >= 0) {
    domain.p99 = p99;
  }
  if (p99 < 0 || (!is_slow && p99 < static_cast<int>(kGoodBuckets))) return;
  const std::uint32_t scaled = domain.depth * static_cast<std::uint32_t>(p99 + 1) / kGoodBuckets;
  domain.depth = std::clamp<std::uint32_t>(scaled, 1, kDepths[number]);
}

void KyberScheduler::advance(Instant at) {
  if (at < looks_) return;
  looks_ = Instant::never();
  const Jiffies now = clock_.at(at);
  bool is_slow = false;
  for (std::size_t d = 0; d < kFlushes; ++d) {
    const int p90 = percentile(domains_[d], domains_[d].at_device, 90, now);
    if (p90 >= static_cast<int>(kGoodBuckets)) is_slow = true;
  }
  for (std::size_t d = 0; d < kFlushes; ++d) adjust(d, is_slow, now);
}

void KyberScheduler::hash_into(Hasher& hasher) const {
  for (const Domain& domain : domains_) {
    domain.waiting.hash_into(hasher);
    hasher.add(std::uint64_t{domain.depth} << 32 | domain.under_way);
    for (const std::uint32_t count : domain.total.buckets) hasher.add(count);
    for (const std::uint32_t count : domain.at_device.buckets) hasher.add(count);
    hasher.add_signed(domain.decides);
    hasher.add_signed(domain.p99);
  }
  hasher.add(std::uint64_t{batched_} << 8 | turn_);
  hasher.add_signed(looks_.ns());
}

}  // namespace cotenant
