// SPDX-License-Identifier: Apache-2.0
#include "models/memory/controller.h"

#include <algorithm>
#include <utility>

namespace cotenant {

MemoryController::MemoryController(const MemorySpec& spec)
    : spec_(&spec), residents_(spec.residents.size()), kills_(spec.services.size(), 0) {
  if (!in_use()) return;
  for (const auto& groups : spec.groups) {
    charges_.push_back(MemoryCharges(groups));
    limits_.push_back(IdVector<GroupId, std::uint64_t>(groups.size(), 0));
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
std::optional<MemoryController::Victim> MemoryController::victim_of(
    ResidentId taker, const MemoryDemand& demand) const {
  const ResidentSpec& taking = spec_->residents[taker];
  const MemoryCharges& charges = charges_[taking.machine];
  const Bytes cost = residents_[taker].memory.cost_of(process_of(taker), demand);
  const GroupId limit = charges.full_group(taking.group, cost);
  if (limit.is_none()) return std::nullopt;
  const Bytes room = std::max(charges.room_in(limit), Bytes(0));
  ResidentId worst;
  std::int64_t most = 0;
  for (std::uint32_t r = 0; r < residents_.size(); ++r) {
    const ResidentId id(r);
    const ResidentSpec& spec = spec_->residents[id];
    if (!is_alive(id) || spec.machine != taking.machine) continue;
    if (!charges.contains(limit, spec.group)) continue;
    Bytes resident = residents_[id].memory.resident(process_of(id));
    if (id == taker) resident += room;
    const std::int64_t points = badness(id, resident, charges.limit_of(limit));
    const bool is_worse = worst.is_none() || points > most ||
                          (points == most && residents_[id].start > residents_[worst].start);
    if (is_worse) worst = id, most = points;
  }
  return Victim{worst, limit};
}

void MemoryController::occupy(ResidentId id, const MemoryDemand& demand, Instant now) {
  const ResidentSpec& spec = spec_->residents[id];
  ProcessMemory& memory = residents_[id].memory;
  charges_[spec.machine].charge(spec.group, memory.cost_of(process_of(id), demand), now);
  memory.take(process_of(id), demand);
}

void MemoryController::give_back(ResidentId id, Bytes held, Instant now) {
  if (!is_alive(id)) return;
  const ResidentSpec& spec = spec_->residents[id];
  const Bytes freed = residents_[id].memory.give_back(process_of(id), held);
  charges_[spec.machine].uncharge(spec.group, freed, now);
}

void MemoryController::let_go(ResidentId id, Instant now) {
  const ResidentSpec& spec = spec_->residents[id];
  charges_[spec.machine].uncharge(spec.group, charged(id), now);
  residents_[id].memory = {};
}

void MemoryController::kill(const Victim& victim, Instant now) {
  const ResidentSpec& spec = spec_->residents[victim.id];
  let_go(victim.id, now);
  residents_[victim.id].phase = ResidentPhase::condemned;
  ++kills_[spec.service];
  ++limits_[spec.machine][victim.limit];
  if (!first_kill_) first_kill_ = OomKill{now, spec.machine, victim.limit, spec.service};
}

bool MemoryController::end(ResidentId id, Instant now) {
  if (is_alive(id)) let_go(id, now);
  return std::exchange(residents_[id].phase, ResidentPhase::absent) == ResidentPhase::condemned;
}

void MemoryController::occupy_for_good(MachineId machine, GroupId group, Bytes bytes) {
  charges_[machine].charge(group, bytes, Instant());
}

void MemoryController::hash_into(Hasher& hasher) const {
  if (!in_use()) return;
  for (const MemoryCharges& charges : charges_) charges.hash_into(hasher);
  for (const Resident& resident : residents_) {
    hasher.add(static_cast<std::uint64_t>(resident.phase));
    hasher.add(resident.start);
    hasher.add(resident.leaks);
    resident.memory.hash_into(hasher);
  }
}

}  // namespace cotenant
