// SPDX-License-Identifier: Apache-2.0
#include "models/machine/guests.h"

#include "models/world.h"

namespace cotenant {
namespace {

// The host had it in its hands and did not run it: others had the core, a quota was used up, or the
// host's own cores were not supplied. KVM reports the first as run_delay of the vCPU's thread.
Duration not_given(const BurstTimes& times) {
  return times.queued + times.throttled + times.stolen;
}

// One guest during one step.
struct Guest {
  World& world;
  const Blueprint& blueprint;
  const MachineSpec& spec;
  MachineState& state;
  MachineState& host;
  Instant now;

  Guest(World& in, const Blueprint& of, MachineId id)
      : world(in),
        blueprint(of),
        spec(of.machines[id]),
        state(in.machines[id]),
        host(in.machines[spec.host]),
        now(in.events.now()) {}

  bool ask_for(CoreId core) {
    VirtualCpu& virtual_cpu = state.virtual_cpus[core];
    if (state.cpu.wants(core) == virtual_cpu.wanted) return false;
    virtual_cpu.wanted = !virtual_cpu.wanted;
    const TaskId task = spec.virtual_cpus[core];
    if (virtual_cpu.wanted) {
      host.cpu.demand(task, kEndless, now);
      count_runnable(world, blueprint, {spec.host, task}, 1);
    } else {
      count_runnable(world, blueprint, {spec.host, task}, -1);
      virtual_cpu.stolen += not_given(host.cpu.withdraw(task, now));
    }
    host.touched = true;
    return true;
  }

  bool supply(CoreId core) {
    const Speed speed = host.cpu.speed(spec.virtual_cpus[core]);
    VirtualCpu& virtual_cpu = state.virtual_cpus[core];
    if (speed == virtual_cpu.supply) return false;
    virtual_cpu.supply = speed;
    state.cpu.set_supply(core, speed, now);
    state.touched = true;
    return true;
  }

  bool ask() {
    bool changed = false;
    for (std::uint32_t c = 0; c < spec.cpu.cores; ++c) changed |= ask_for(CoreId(c));
    return changed;
  }
  bool receive() {
    bool changed = false;
    for (std::uint32_t c = 0; c < spec.cpu.cores; ++c) changed |= supply(CoreId(c));
    return changed;
  }
};

}  // namespace

void MachineState::hash_into(Hasher& hasher) const {
  for (const VirtualCpu& virtual_cpu : virtual_cpus) {
    hasher.add(virtual_cpu.wanted);
    hasher.add(virtual_cpu.supply);
    hasher.add_signed(virtual_cpu.stolen.count());
  }
  cpu.hash_into(hasher);
}

void start_guests(World& world, const Blueprint& blueprint) {
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    if (!blueprint.machines[MachineId(m)].is_guest()) continue;
    MachineState& state = world.machines[MachineId(m)];
    for (std::uint32_t c = 0; c < state.virtual_cpus.size(); ++c) {
      state.cpu.set_supply(CoreId(c), 0, Instant());
    }
  }
}

// Hosts come before their guests. Wishes go up and supplies go down, until nothing changes: a
// supply that comes at the instant of a guest's timer makes that timer go off, which may end one
// wish and begin another.
void settle_guests(World& world, const Blueprint& blueprint) {
  const std::uint32_t machines = blueprint.machines.size();
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t m = machines - 1; m > 0; --m) {
      if (!blueprint.machines[MachineId(m)].is_guest()) continue;
      Guest guest(world, blueprint, MachineId(m));
      if (guest.state.touched) changed |= guest.ask();
    }
    for (std::uint32_t m = 1; m < machines; ++m) {
      if (!blueprint.machines[MachineId(m)].is_guest()) continue;
      Guest guest(world, blueprint, MachineId(m));
      if (guest.host.touched) changed |= guest.receive();
    }
  }
}

Duration steal_of(const World& world, const Blueprint& blueprint, MachineId machine, Instant at) {
  const MachineSpec& spec = blueprint.machines[machine];
  const MachineState& state = world.machines[machine];
  Duration sum;
  for (std::uint32_t c = 0; c < state.virtual_cpus.size(); ++c) {
    const VirtualCpu& virtual_cpu = state.virtual_cpus[CoreId(c)];
    sum += virtual_cpu.stolen;
    if (!virtual_cpu.wanted) continue;
    const TaskId task = spec.virtual_cpus[CoreId(c)];
    sum += not_given(world.machines[spec.host].cpu.burst_so_far(task, at));
  }
  return sum;
}

}  // namespace cotenant
