// SPDX-License-Identifier: Apache-2.0
//
// One request to a disk, from the moment the kernel has it until the disk has done it, and the
// account of where its time went: the same shape as a CPU burst has. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/cpu/scheduler.h"
#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

enum class IoKind : std::uint8_t { read, write };
inline constexpr std::size_t kIoKinds = 2;

template <class Value>
struct PerKind {
  Value read = Value(), write = Value();
  Value& operator[](IoKind kind) { return kind == IoKind::read ? read : write; }
  const Value& operator[](IoKind kind) const { return kind == IoKind::read ? read : write; }
};

using IoId = Id<struct IoTag>;  // a row of the table of a disk; reused

// How the time of an IO divides.
struct IoTimes {
  Duration throttled;  // by a limit of its group, or by what the volume may do
  Duration queued;     // others are served
  Duration served;

  Duration total() const { return throttled + queued + served; }
  IoTimes& operator+=(const IoTimes& more) {
    throttled += more.throttled;
    queued += more.queued;
    served += more.served;
    return *this;
  }
};

// For whom it is.
enum class IoOwner : std::uint8_t {
  nobody,     // or nobody any more
  task,       // of its computer, which is blocked until it is done
  journal,    // of the file system
  writeback,  // the kernel's threads that write dirty pages
  swap,       // pages of processes that were swapped out
};

struct IoUser {
  IoOwner owner = IoOwner::nobody;
  std::uint32_t id = 0;  // of the owner, where there are several
  MachineId guest{};     // that the owner is in; none: in the computer that has the disk

  friend bool operator==(const IoUser&, const IoUser&) = default;
};

struct Io {
  IoUser user;
  GroupId group;  // that is charged
  IoKind kind = IoKind::read;
  bool continues = false;  // where the one before it of the same owner has ended
  Bytes bytes;
  Duration latency;       // of the device, drawn for it
  std::int64_t cost = 0;  // that iocost has charged

  // What the disk writes.
  GroupId throttled_at{};  // whose limit it waits for
  Instant since;           // it waits, or the device has it
  Instant done;            // once the device has it
  IoTimes times{};         // until then
  IoTimes planned{};       // from then on, in this order

  // The head of the disk is where it is to go on.
  bool follows(const Io& other) const {
    return continues && user == other.user && kind == other.kind;
  }

  void hash_into(Hasher& hasher) const {
    hasher.add(std::uint64_t{user.id} << 32 | group.index());
    const std::uint64_t guest = user.guest.is_none() ? 0 : std::uint64_t{user.guest.index()} + 1;
    hasher.add(guest << 24 | static_cast<std::uint64_t>(user.owner) << 16 |
               static_cast<std::uint64_t>(kind) << 8 | std::uint64_t{continues});
    hasher.add_signed(bytes.count());
    hasher.add_signed(latency.count());
    hasher.add(throttled_at.index());
    hasher.add_signed(since.ns());
    hasher.add_signed(done.ns());
    if (cost != 0) hasher.add_signed(cost);
    hasher.add_signed(times.throttled.count());
    hasher.add_signed(times.queued.count());
    hasher.add_signed(times.served.count());
  }
};

}  // namespace cotenant
