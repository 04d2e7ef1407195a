// SPDX-License-Identifier: Apache-2.0
//
// Reclaim, the part of the memory controller that makes room: which pages of files are dropped and
// which of processes are swapped out, what groups are spared, and how long memory.high holds back
// who takes more. It reclaims amounts, not pages: what is used least goes first, and of the rest
// each page is as likely as any other. Sources: mm/vmscan.c (get_scan_count,
// apply_proportional_protection), mm/memcontrol.c (calculate_high_delay); linux.md section 4.
#include <algorithm>

#include "models/memory/controller.h"

namespace cotenant {
namespace {

// MAX_RECLAIM_RETRIES, mm/memcontrol.c.
constexpr int kRetries = 16;

// Of the weights of pages of processes and of files, together (MAX_SWAPPINESS).
constexpr std::int64_t kAllWeights = 200;

// How often each service gets a part of its files into memory when a run begins, in turns: often
// enough that who comes first gets no more than the others.
constexpr std::int64_t kFillRounds = 64;

}  // namespace

// --- Of processes

// What its requests hold they use as well.
Bytes MemoryController::hot(const Resident& resident, const ProcessMemorySpec& spec) const {
  const Bytes all = resident.memory.charged();
  return std::min(std::min(spec.working_set, all) + resident.memory.held(), all);
}

Bytes MemoryController::swappable(ResidentId id, bool is_hot) const {
  const Resident& resident = residents_[id];
  const Bytes in_use = hot(resident, process_of(id));
  const Bytes amount =
      is_hot ? in_use - resident.out_hot : resident.memory.charged() - in_use - resident.out_cold;
  const ResidentSpec& spec = spec_->residents[id];
  const Bytes room = charges_[spec.machine].swap_room_in(spec.group);
  return std::clamp(amount, Bytes(0), std::min(resident.in_memory(), room));
}

// Each page in use is touched as likely as any other.
Bytes MemoryController::fault_of(ResidentId id) const {
  const Resident& resident = residents_[id];
  if (resident.out_hot.is_zero()) return Bytes(0);
  const ProcessMemorySpec& spec = process_of(id);
  const Bytes in_use = std::max(hot(resident, spec), resident.out_hot);
  const Bytes touched = std::min(spec.touched, in_use);
  return Bytes(scaled(resident.out_hot.count(), touched.count(), in_use.count()));
}

// --- Of files

bool MemoryController::finds(ServiceId service, double luck) const {
  const FileSetSpec& files = spec_->files[service];
  if (files.in_order) return cached_[service] == files.size;
  return luck * static_cast<double>(files.size.count()) <
         static_cast<double>(cached_[service].count());
}

void MemoryController::keep(ServiceId service, Bytes bytes, Instant now) {
  const FileSetSpec& files = spec_->files[service];
  MemoryCharges& charges = charges_[files.machine];
  bytes = std::min(bytes, files.size);
  make_room(files.machine, files.group, bytes, ResidentId::none(), now);
  bytes = std::min({bytes, files.size - cached_[service], charges.room_around(files.group)});
  cached_[service] += bytes;
  charges.charge_cache(files.group, bytes, now);
}

void MemoryController::fill_cache(Instant now) {
  for (std::int64_t round = 0; round < kFillRounds; ++round) {
    for (std::uint32_t s = 0; s < cached_.size(); ++s) {
      const FileSetSpec* files = spec_->files_of(ServiceId(s));
      if (files == nullptr || files->is_cold) continue;
      keep(ServiceId(s), in_pages(files->size / kFillRounds), now);
    }
  }
}

// --- Room

void MemoryController::make_room(MachineId machine, GroupId group, Bytes bytes, ResidentId taker,
                                 Instant now) {
  const MemoryCharges& charges = charges_[machine];
  for (; !group.is_none(); group = spec_->groups[machine][group].parent) {
    const Bytes missing = bytes - charges.room_in(group);
    if (missing > Bytes(0)) reclaim({machine, group, taker, now}, missing);
  }
}

// What is in use goes last, and what is protected by memory.low after that.
Bytes MemoryController::reclaim(Reclaim how, Bytes need) {
  Bytes got;
  for (const Protection spares : {Protection::low, Protection::min}) {
    for (const bool takes_hot : {false, true}) {
      if (takes_hot && how.taker.is_none()) continue;
      how.spares = spares;
      how.takes_hot = takes_hot;
      for (int retry = 0; retry < kRetries && got < need; ++retry) {
        const Bytes more = reclaim_once(how, need - got);
        if (more.is_zero()) break;
        got += more;
      }
    }
  }
  return got;
}

// From all pools alike, by how large they are and by swappiness.
Bytes MemoryController::reclaim_once(const Reclaim& how, Bytes need) {
  find_pools(how);
  Int128 total = 0;
  for (const Pool& pool : pools_) total += Int128{pool.offered.count()} * pool.priority;
  Bytes got;
  for (const Pool& pool : pools_) {
    if (total == 0 || got >= need) break;
    const Int128 weight = Int128{pool.offered.count()} * pool.priority;
    const Bytes share = in_pages(Bytes(static_cast<std::int64_t>(need.count() * weight / total)));
    const Bytes most = std::min({pool.amount, in_pages(pool.offered), need - got});
    if (weight > 0) got += take_from(how, pool, std::min(std::max(share, Bytes(kPage)), most));
  }
  pools_.clear();
  return got;
}

void MemoryController::add_pool(const Reclaim& how, GroupId group, Pool pool) {
  const MemoryCharges& charges = charges_[how.machine];
  const Bytes usage = charges.usage(group).current;
  // What it may keep in any case it may keep now, too.
  const Bytes kept = std::max(charges.protected_in(group, how.root, Protection::min),
                              charges.protected_in(group, how.root, how.spares));
  const Bytes spared = std::min(kept, usage);
  pool.offered = Bytes(scaled(pool.amount.count(), (usage - spared).count(), usage.count()));
  if (!pool.offered.is_zero()) pools_.push_back(pool);
}

void MemoryController::find_pools(const Reclaim& how) {
  const MemoryCharges& charges = charges_[how.machine];
  const bool is_said = how.machine.index() < spec_->swappiness.size();
  const std::int64_t swappiness = is_said ? spec_->swappiness[how.machine] : kDefaultSwappiness;
  for (std::uint32_t s = 0; s < cached_.size() && !how.takes_hot; ++s) {
    const FileSetSpec& files = spec_->files[ServiceId(s)];
    const Bytes amount = cached_[ServiceId(s)];
    if (amount.is_zero() || files.machine != how.machine) continue;
    if (!charges.contains(how.root, files.group)) continue;
    add_pool(how, files.group,
             {ServiceId(s), ResidentId::none(), amount, Bytes(0), kAllWeights - swappiness});
  }
  for (std::uint32_t r = 0; r < residents_.size() && swappiness > 0; ++r) {
    const ResidentId id(r);
    const ResidentSpec& spec = spec_->residents[id];
    if (!is_alive(id) || spec.machine != how.machine) continue;
    if (!charges.contains(how.root, spec.group)) continue;
    const bool uses_it = how.takes_hot && id == how.taker;
    const Bytes amount = uses_it ? Bytes(0) : swappable(id, how.takes_hot);
    if (amount.is_zero()) continue;
    add_pool(how, spec.group, {ServiceId::none(), id, amount, Bytes(0), swappiness});
  }
}

// Less than that where others have filled the swap meanwhile.
Bytes MemoryController::take_from(const Reclaim& how, const Pool& pool, Bytes bytes) {
  MemoryCharges& charges = charges_[how.machine];
  if (pool.process.is_none()) {
    cached_[pool.files] -= bytes;
    charges.charge_cache(spec_->files[pool.files].group, Bytes(0) - bytes, how.now);
    return bytes;
  }
  Resident& resident = residents_[pool.process];
  const GroupId group = spec_->residents[pool.process].group;
  bytes = std::min(bytes, charges.swap_room_in(group));
  (how.takes_hot ? resident.out_hot : resident.out_cold) += bytes;
  charges.uncharge(group, bytes, how.now);
  charges.charge_swap(group, bytes, how.now);
  swapped_out_[how.machine] += bytes;
  return bytes;
}

// --- memory.high

// The kernel counts in jiffies, and does not sleep for 10 ms or less.
Duration MemoryController::heed_high(ResidentId taker, Bytes bytes, Instant now) {
  const ResidentSpec& spec = spec_->residents[taker];
  const MemoryCharges& charges = charges_[spec.machine];
  if (charges.overage(spec.group) == 0) return Duration(0);
  for (GroupId group = spec.group; !group.is_none();
       group = spec_->groups[spec.machine][group].parent) {
    const Bytes above = charges.usage(group).current - spec_->groups[spec.machine][group].high;
    if (above > Bytes(0)) reclaim({spec.machine, group, taker, now}, above);
  }
  const std::int64_t overage = charges.overage(spec.group);
  const std::int64_t pages = in_pages(bytes).count() / kPage;
  const Int128 delay = (Int128{overage} * overage * seconds(1).count() >> (20 + 14)) * pages / 64;
  const Duration pause(static_cast<std::int64_t>(std::min<Int128>(delay, seconds(2).count())));
  return pause > milliseconds(10) ? pause : Duration(0);
}

}  // namespace cotenant
