// SPDX-License-Identifier: Apache-2.0
//
// A computer's files and the disk that they are on during one step of the simulation: what all who
// use them have in common. A guest without a disk of its own uses that of its host, where whatever
// it asks for is charged to the group that the guest itself is in.
#pragma once

#include "models/blueprint.h"
#include "models/world.h"

namespace cotenant {

// What one IO has at most: 256 pages (BIO_MAX_VECS, include/linux/bio.h).
inline constexpr Bytes kLargestIo{1 << 20};

// An owner of IOs among the files of that computer, as the disk knows it.
inline IoUser user_at(const DiskState& files, MachineId machine, IoOwner owner, std::uint32_t id) {
  return {owner, id, files.disk == machine ? MachineId::none() : machine};
}

struct ActingDisk {
  World& world;
  const Blueprint& blueprint;
  MachineId machine;  // whose files

  MachineId disk() const { return state().disk; }
  DiskState& state() const { return world.disks[machine]; }
  BlockDevice& device() const { return world.disks[disk()].device; }
  const DiskSpec& spec() const { return *blueprint.machines[disk()].disk; }
  Instant now() const { return world.events.now(); }
  FileAccess& access(TaskId task) const { return state().accesses[task]; }
  GroupId group_of(TaskId task) const { return blueprint.task({machine, task}).group; }

  IoUser user(IoOwner owner, std::uint32_t id = 0) const {
    return user_at(state(), machine, owner, id);
  }
  // Of the owner, for the group, an IO that has no bytes yet.
  Io io(IoOwner owner, std::uint32_t id, GroupId group, IoKind kind) const {
    Io io;
    io.user = user(owner, id);
    io.group = group_at_disk(group);
    io.kind = kind;
    return io;
  }
  void submit(const Io& io) const { device().submit(spec(), io, now()); }

  // For what the kernel does by itself.
  Draws kernel_luck() const { return world.chance.machines[machine].disk.at(state().kernel_ios++); }
  // At the end of a step that has used the disk.
  void schedule() const {
    world.events.follow(world.disk_slot(disk()), device().next_instant(), order(Phase::server),
                        {EventKind::disk_due, disk().index()});
  }

 private:
  GroupId group_at_disk(GroupId group) const {
    if (disk() == machine) return group;
    return blueprint.task({disk(), blueprint.machines[machine].virtual_cpus[CoreId(0)]}).group;
  }
};

}  // namespace cotenant
