// SPDX-License-Identifier: Apache-2.0
#include "models/disk/block_device.h"

#include <algorithm>
#include <utility>

namespace cotenant {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Duration time_at(std::int64_t amount, std::int64_t per_second) {
  return per_second == 0 ? Duration(0) : Duration(scaled(amount, kSecond, per_second));
}

// How long the medium is taken, by an IO of that size.
Duration time_of_medium(const MediumSpec& medium, Bytes bytes) {
  return std::max(time_at(bytes.count(), medium.bytes), time_at(1, medium.ios));
}

void subtract(IoTimes& from, const IoTimes& what) {
  from.throttled -= what.throttled;
  from.queued -= what.queued;
  from.served -= what.served;
}

}  // namespace

DiskUsage& DiskUsage::operator-=(const DiskUsage& earlier) {
  for (const IoKind kind : {IoKind::read, IoKind::write}) {
    ios[kind] -= earlier.ios[kind];
    bytes[kind] -= earlier.bytes[kind];
  }
  subtract(times, earlier.times);
  busy -= earlier.busy;
  return *this;
}

DiskUsage& DiskUsage::operator+=(const DiskUsage& more) {
  for (const IoKind kind : {IoKind::read, IoKind::write}) {
    ios[kind] += more.ios[kind];
    bytes[kind] += more.bytes[kind];
  }
  times += more.times;
  busy += more.busy;
  return *this;
}

BlockDevice::BlockDevice(const DiskSpec& spec, const JiffyClock& clock)
    : depth_(spec.device.depth),
      throttle_(spec, clock),
      accounts_(spec, clock),
      volume_(spec.device.volume),
      instance_(spec.device.instance) {
  if (spec.scheduler == IoSchedulerKind::mq_deadline) scheduler_.emplace<DeadlineScheduler>();
  if (spec.scheduler == IoSchedulerKind::bfq) scheduler_ = BfqScheduler(spec);
  if (spec.scheduler == IoSchedulerKind::kyber) scheduler_ = KyberScheduler(clock);
  if (spec.cost) cost_.emplace(spec, clock);
}

IoId BlockDevice::find(const IoUser& user) const {
  IoId found;
  ios_.for_each([&](IoId each, const Io& io) {
    if (io.user == user) found = each;
  });
  return found;
}

bool BlockDevice::nobody_waits() const {
  return std::visit([](const auto& scheduler) { return scheduler.empty(); }, scheduler_);
}

void BlockDevice::submit(const DiskSpec& spec, const Io& io, Instant now) {
  const IoId id = ios_.add();
  ios_[id] = io;
  ios_[id].since = now;
  const bool passes =
      throttle_.passes(spec, ios_, id, now) && accounts_.passes(spec, ios_, id, now);
  if (passes) admit(id, now);
  begin_serving(spec, now);
}

// No limit holds it back any more.
void BlockDevice::admit(IoId id, Instant now) {
  if (!cost_) return begin_waiting(id, now);
  cost_->admit(ios_, id, now, admitted_);
  let_pass(now);
}

void BlockDevice::let_pass(Instant now) {
  for (const IoId id : admitted_) begin_waiting(id, now);
  admitted_.clear();
}

void BlockDevice::begin_waiting(IoId id, Instant now) {
  Io& io = ios_[id];
  io.times.throttled += now - io.since;
  io.since = now;
  std::visit([&](auto& scheduler) { scheduler.add(io, id); }, scheduler_);
}

void BlockDevice::begin_serving(const DiskSpec& spec, Instant now) {
  while (!is_full() && !nobody_waits()) {
    const IoId id =
        std::visit([&](auto& scheduler) { return scheduler.take(ios_, now); }, scheduler_);
    if (id.is_none()) return;
    serve(spec, id, now);
  }
}

// The device has it. It may not begin before the volume may, and then waits for the medium. A head
// that moves can do nothing else meanwhile.
void BlockDevice::serve(const DiskSpec& spec, IoId id, Instant now) {
  const DeviceSpec& device = spec.device;
  Io& io = ios_[id];
  const Instant opens = std::max({now, volume_.opens(), instance_.opens()});
  volume_.take(device.volume, io.bytes, opens);
  instance_.take(device.instance, io.bytes, opens);
  const Instant begins = std::max(opens, medium_free_);
  const MediumSpec& medium = device.medium[io.kind];
  const bool goes_on = device.rotational && io.follows(last_served_);
  const Duration latency = goes_on ? Duration(0) : io.latency;
  medium_free_ = begins + time_of_medium(medium, io.bytes);
  if (device.rotational) medium_free_ = medium_free_ + latency;
  io.times.queued += now - io.since;
  io.planned = {opens - now, begins - opens, latency + time_at(io.bytes.count(), medium.bytes)};
  io.since = now;
  io.done = now + io.planned.total();
  last_served_ = io;
  if (under_way_.empty()) busy_since_ = now;
  const auto place = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](IoId other) { return ios_[other].done <= io.done; });
  under_way_.insert(place, id);
}

// Those who decide what is next learn from what was.
void BlockDevice::tell_done(const Io& io, Instant now) {
  if (auto* bfq = std::get_if<BfqScheduler>(&scheduler_)) bfq->done(io.group, now);
  if (auto* kyber = std::get_if<KyberScheduler>(&scheduler_)) {
    kyber->done(io, io.times.queued, io.planned.total(), now);
  }
  if (cost_) cost_->done(io, io.times.queued);
}

void BlockDevice::finish(Instant now, std::vector<Io>& done) {
  while (!under_way_.empty() && ios_[under_way_.back()].done <= now) {
    const IoId id = under_way_.back();
    Io& io = ios_[id];
    under_way_.pop_back();
    tell_done(io, now);
    io.times += io.planned;
    ++usage_.ios[io.kind];
    usage_.bytes[io.kind] += io.bytes.count();
    usage_.times += io.times;
    done.push_back(io);
    ios_.remove(id);
    if (under_way_.empty()) usage_.busy += now - busy_since_;
  }
}

void BlockDevice::advance(const DiskSpec& spec, Instant now, std::vector<Io>& done) {
  throttle_.advance(spec, ios_, now, passed_);
  std::erase_if(passed_, [&](IoId id) { return !accounts_.passes(spec, ios_, id, now); });
  accounts_.advance(spec, ios_, now, passed_);
  for (const IoId id : passed_) admit(id, now);
  passed_.clear();
  if (cost_) {
    cost_->advance(ios_, now, admitted_);
    let_pass(now);
  }
  if (auto* kyber = std::get_if<KyberScheduler>(&scheduler_)) kyber->advance(now);
  finish(now, done);
  begin_serving(spec, now);
}

// A scheduler that waits for somebody has the device wait, too.
Instant BlockDevice::next_instant() const {
  Instant next = std::min(throttle_.next_instant(), accounts_.next_instant());
  if (!under_way_.empty()) next = std::min(next, ios_[under_way_.back()].done);
  if (cost_) next = std::min(next, cost_->next_instant());
  if (const KyberScheduler* looks = kyber()) next = std::min(next, looks->next_instant());
  const auto* bfq = std::get_if<BfqScheduler>(&scheduler_);
  return bfq == nullptr || is_full() ? next : std::min(next, bfq->next_instant());
}

void BlockDevice::forget(const IoUser& user) {
  const IoId found = find(user);
  if (!found.is_none()) ios_[found].user.owner = IoOwner::nobody;
}

IoTimes BlockDevice::times_so_far(const IoUser& user, Instant now) const {
  const Io& io = ios_[find(user)];
  IoTimes times = io.times;
  Duration passed = now - io.since;
  if (io.done == Instant()) {
    (io.throttled_at.is_none() ? times.queued : times.throttled) += passed;
    return times;
  }
  IoTimes planned = io.planned;
  for (Duration* part : {&planned.throttled, &planned.queued, &planned.served}) {
    *part = std::min(*part, passed);
    passed -= *part;
  }
  times += planned;
  return times;
}

DiskUsage BlockDevice::usage(Instant now) const {
  DiskUsage usage = usage_;
  if (!under_way_.empty()) usage.busy += now - busy_since_;
  return usage;
}

void BlockDevice::hash_into(Hasher& hasher) const {
  ios_.hash_into(hasher);
  throttle_.hash_into(hasher);
  accounts_.hash_into(hasher);
  if (cost_) cost_->hash_into(hasher);
  std::visit([&](const auto& scheduler) { scheduler.hash_into(hasher); }, scheduler_);
  for (const IoId id : under_way_) hasher.add(id.index());
  volume_.hash_into(hasher);
  instance_.hash_into(hasher);
  hasher.add_signed(medium_free_.ns());
  hasher.add_signed(usage_.busy.count());
}

}  // namespace cotenant
