// SPDX-License-Identifier: Apache-2.0
//
// A disk as the block layer sees it: limits of groups first, then the scheduler, then the device,
// which has a few IOs at once and takes its time for each. It schedules nothing itself and says
// when something happens next. It knows bytes and groups, and nothing of files, journals or
// requests: see models/disk/file_io.h.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "models/disk/bfq.h"
#include "models/disk/blk_throttle.h"
#include "models/disk/cost_control.h"
#include "models/disk/deadline.h"
#include "models/disk/io_accounts.h"
#include "models/disk/kyber.h"
#include "models/disk/spec.h"

namespace cotenant {

// Since the start of the run.
struct DiskUsage {
  PerKind<std::uint64_t> ios;
  PerKind<std::int64_t> bytes;
  IoTimes times;  // of all that are done
  Duration busy;  // it had an IO

  DiskUsage& operator-=(const DiskUsage& earlier);
  DiskUsage& operator+=(const DiskUsage& more);
};

// The order of the block layer without a scheduler.
class NoScheduler {
 public:
  void add(const Io&, IoId id) { waiting_.push_growing(id); }
  bool empty() const { return waiting_.empty(); }
  IoId take(const IoTable&, Instant) { return waiting_.pop(); }
  void hash_into(Hasher& hasher) const { waiting_.hash_into(hasher); }

 private:
  BoundedQueue<IoId> waiting_;
};

class BlockDevice {
 public:
  BlockDevice() = default;
  BlockDevice(const DiskSpec& spec, const JiffyClock& clock);

  // The kernel has it. advance() says when it is done.
  void submit(const DiskSpec& spec, const Io& io, Instant now);
  // Its owner does not wait for it any more. The disk does it all the same.
  void forget(const IoUser& user);

  Instant next_instant() const;
  // Up to `now`. Appends what is done.
  void advance(const DiskSpec& spec, Instant now, std::vector<Io>& done);

  // How the time divides of the IO that its owner waits for, as of now.
  IoTimes times_so_far(const IoUser& user, Instant now) const;

  DiskUsage usage(Instant now) const;
  // Null: another one.
  const KyberScheduler* kyber() const { return std::get_if<KyberScheduler>(&scheduler_); }
  const CostControl* cost_control() const { return cost_ ? &*cost_ : nullptr; }
  std::int64_t credits() const { return volume_.credits(); }
  Bytes memory() const { return ios_.memory(); }
  void hash_into(Hasher& hasher) const;

 private:
  IoId find(const IoUser& user) const;
  bool nobody_waits() const;
  void admit(IoId id, Instant now);
  void let_pass(Instant now);
  void tell_done(const Io& io, Instant now);
  bool is_full() const { return under_way_.size() == depth_; }
  void begin_waiting(IoId id, Instant now);
  void begin_serving(const DiskSpec& spec, Instant now);
  void serve(const DiskSpec& spec, IoId id, Instant now);
  void finish(Instant now, std::vector<Io>& done);

  std::uint32_t depth_ = 1;
  IoTable ios_;
  BlkThrottle throttle_;
  IoAccounts accounts_;
  std::optional<CostControl> cost_;  // none: io.weight means nothing to it
  std::variant<NoScheduler, DeadlineScheduler, BfqScheduler, KyberScheduler> scheduler_;
  std::vector<IoId> under_way_;  // by the instant at which they are done, the last one first
  CreditBucket volume_, instance_;
  Instant medium_free_;
  Io last_served_;
  DiskUsage usage_;
  Instant busy_since_;
  std::vector<IoId> passed_, admitted_;  // empty between calls
};

}  // namespace cotenant
