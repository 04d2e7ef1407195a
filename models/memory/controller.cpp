// SPDX-License-Identifier: Apache-2.0
#include "models/memory/controller.h"

#include <algorithm>
#include <utility>

namespace cotenant {
namespace {

// For what has been swapped out, or above memory.high. All the swap is the root's.
bool makes_wait(const MemoryGroupSpec& group) {
  const bool has_swap = group.parent.is_none() && !group.swap_max.is_zero();
  return has_swap || group.high != kNoLimit;
}

}  // namespace

MemoryController::MemoryController(const MemorySpec& spec)
    : spec_(&spec),
      residents_(spec.residents.size()),
      kills_(spec.services.size(), 0),
      cached_(spec.files.size()) {
  if (!spec.in_use()) return;
  for (const auto& groups : spec.groups) {
    charges_.push_back(MemoryCharges(groups));
    limits_.push_back(IdVector<GroupId, std::uint64_t>(groups.size(), 0));
    swapped_out_.push_back(Bytes(0));
  }
  pools_.reserve(spec.residents.size() + spec.files.size());
  for (const auto& groups : spec.groups) {
    may_stall_ = may_stall_ || std::any_of(groups.begin(), groups.end(), makes_wait);
  }
}

const ProcessMemorySpec& MemoryController::process_of(ResidentId id) const {
  return spec_->services[spec_->residents[id].service];
}

Bytes MemoryController::base_of(ResidentId id) const { return process_of(id).base; }

// oom_badness(), in pages. The kernel divides the limit by 1000 first.
std::int64_t MemoryController::badness(ResidentId id, Bytes resident, Bytes limit) const {
  const std::int64_t pages = resident.count() / kPage;
  return pages + spec_->residents[id].oom_score_adj * (limit.count() / kPage / 1000);
}

// Who takes memory touches page after page, so it has what room there was when none is left.
ResidentId MemoryController::worst_in(MachineId machine, GroupId limit, ResidentId taker) const {
  const MemoryCharges& charges = charges_[machine];
  const Bytes room = std::max(charges.room_in(limit), Bytes(0));
  const Bytes total = charges.limit_of(limit) + charges.swap_limit_of(limit);
  ResidentId worst;
  std::int64_t most = 0;
  for (std::uint32_t r = 0; r < residents_.size(); ++r) {
    const ResidentId id(r);
    const ResidentSpec& spec = spec_->residents[id];
    if (!is_alive(id) || spec.machine != machine) continue;
    if (spec.oom_score_adj == kImmune || !charges.contains(limit, spec.group)) continue;
    Bytes resident = residents_[id].memory.resident(process_of(id));
    if (id == taker) resident += room;
    const std::int64_t points = badness(id, resident, total);
    const bool is_worse = worst.is_none() || points > most ||
                          (points == most && residents_[id].start > residents_[worst].start);
    if (is_worse) worst = id, most = points;
  }
  return worst;
}

std::optional<MemoryController::Victim> MemoryController::victim_of(ResidentId taker,
                                                                    const MemoryDemand& demand,
                                                                    Bytes faulted, Instant now) {
  const ResidentSpec& taking = spec_->residents[taker];
  const Bytes cost = residents_[taker].memory.cost_of(process_of(taker), demand) + faulted;
  const MemoryCharges& charges = charges_[taking.machine];
  if (charges.full_group(taking.group, cost).is_none()) return std::nullopt;
  make_room(taking.machine, taking.group, cost, taker, now);
  const GroupId limit = charges.full_group(taking.group, cost);
  if (limit.is_none()) return std::nullopt;
  // Nobody is left whom it may kill: the process gets what it wants, above the limit.
  const ResidentId worst = worst_in(taking.machine, limit, taker);
  return worst.is_none() ? std::nullopt : std::optional(Victim{worst, limit});
}

Taken MemoryController::occupy(ResidentId id, const MemoryDemand& demand, Bytes faulted,
                               Instant now) {
  const ResidentSpec& spec = spec_->residents[id];
  MemoryCharges& charges = charges_[spec.machine];
  Resident& resident = residents_[id];
  const Bytes bytes = resident.memory.cost_of(process_of(id), demand) + faulted;
  charges.charge(spec.group, bytes, now);
  resident.memory.take(process_of(id), demand);
  if (!faulted.is_zero()) {
    resident.out_hot -= faulted;
    charges.charge_swap(spec.group, Bytes(0) - faulted, now);
  }
  return {true, faulted, heed_high(id, bytes, now)};
}

// What it does not have any more was in memory, as far as it had that much there.
void MemoryController::give_up(ResidentId id, Bytes freed, Instant now) {
  const ResidentSpec& spec = spec_->residents[id];
  Resident& resident = residents_[id];
  const Bytes from_swap = std::max(resident.out() - resident.memory.charged(), Bytes(0));
  charges_[spec.machine].uncharge(spec.group, freed - from_swap, now);
  if (from_swap.is_zero()) return;
  const Bytes cold = std::min(resident.out_cold, from_swap);
  resident.out_cold -= cold;
  resident.out_hot -= from_swap - cold;
  charges_[spec.machine].charge_swap(spec.group, Bytes(0) - from_swap, now);
}

void MemoryController::give_back(ResidentId id, Bytes held, Instant now) {
  if (!is_alive(id)) return;
  give_up(id, residents_[id].memory.give_back(process_of(id), held), now);
}

// The kernel charges a socket when it is accepted (inet_csk_accept()), and kills nobody for it.
void MemoryController::open_socket(ResidentId id, Instant now) {
  const Bytes bytes = process_of(id).per_socket;
  if (bytes.is_zero()) return;
  const ResidentSpec& spec = spec_->residents[id];
  make_room(spec.machine, spec.group, bytes, id, now);
  charges_[spec.machine].charge(spec.group, bytes, now);
  residents_[id].sockets += bytes;
}

void MemoryController::close_sockets(ResidentId id, Bytes bytes, Instant now) {
  if (bytes.is_zero()) return;
  const ResidentSpec& spec = spec_->residents[id];
  charges_[spec.machine].uncharge(spec.group, bytes, now);
  residents_[id].sockets -= bytes;
}

void MemoryController::close_connection(ResidentId id, Instant now) {
  if (!is_alive(id)) return;
  close_sockets(id, process_of(id).per_socket, now);
  give_back(id, process_of(id).per_connection, now);
}

void MemoryController::let_go(ResidentId id, Instant now) {
  close_sockets(id, residents_[id].sockets, now);
  const Bytes all = charged(id);
  residents_[id].memory = {};
  give_up(id, all, now);
}

// mem_cgroup_get_oom_group(): the outermost one from the victim's group up to the limit.
GroupId MemoryController::oom_group_of(const Victim& victim) const {
  const ResidentSpec& spec = spec_->residents[victim.id];
  const IdVector<GroupId, MemoryGroupSpec>& groups = spec_->groups[spec.machine];
  GroupId found;
  for (GroupId group = spec.group; !group.is_none(); group = groups[group].parent) {
    if (groups[group].oom_group) found = group;
    if (group == victim.limit) break;
  }
  return found;
}

bool MemoryController::dies_with(ResidentId id, MachineId machine, GroupId group) const {
  const ResidentSpec& spec = spec_->residents[id];
  if (!is_alive(id) || spec.machine != machine || spec.oom_score_adj == kImmune) return false;
  return charges_[machine].contains(group, spec.group);
}

void MemoryController::condemn(ResidentId id, GroupId limit, ResidentPhase how, Instant now) {
  const ResidentSpec& spec = spec_->residents[id];
  let_go(id, now);
  residents_[id].phase = how;
  ++kills_[spec.service];
  ++limits_[spec.machine][limit];
  if (!first_kill_) first_kill_ = OomKill{now, spec.machine, limit, spec.service};
}

bool MemoryController::end(ResidentId id, Instant now) {
  if (is_alive(id)) let_go(id, now);
  return std::exchange(residents_[id].phase, ResidentPhase::absent) >= ResidentPhase::condemned;
}

void MemoryController::occupy_for_main(MachineId machine, GroupId group, Bytes bytes, Instant now) {
  charges_[machine].charge(group, bytes, now);
}

void MemoryController::hash_into(Hasher& hasher) const {
  if (!in_use()) return;
  for (const MemoryCharges& charges : charges_) charges.hash_into(hasher);
  for (const Resident& resident : residents_) {
    hasher.add(static_cast<std::uint64_t>(resident.phase));
    hasher.add(resident.start);
    hasher.add(resident.leaks);
    resident.memory.hash_into(hasher);
    if (!resident.out().is_zero()) hasher.add_signed(resident.out_cold.count());
    if (!resident.sockets.is_zero()) hasher.add_signed(resident.sockets.count());
  }
  for (const Bytes cached : cached_) hasher.add_signed(cached.count());
}

}  // namespace cotenant
