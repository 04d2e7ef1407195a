// SPDX-License-Identifier: Apache-2.0
//
// A disk by itself, and programs that use it as a benchmark does: each asks for its next IO as soon
// as it has the one before. What a run of it measures is when which IO was done.
#pragma once

#include <vector>

#include "models/disk/block_device.h"

namespace cotenant {

inline Sampler always(Duration time) {
  return Sampler(law::Constant{static_cast<double>(time.count())});
}

// A loop device as those of the measurements: the latencies do not matter beside what limits it.
inline DiskSpec loop_device() {
  DiskSpec spec;
  spec.device.depth = 64;
  spec.device.medium.read = {always(microseconds(100)), 0, 0};
  spec.device.medium.write = {always(microseconds(100)), 0, 0};
  spec.groups.push_back({});
  return spec;
}

inline GroupId add_group(DiskSpec& spec, std::int64_t weight = 100) {
  return spec.groups.push_back({kRootGroup, weight, {}});
}

struct Program {
  GroupId group;
  IoKind kind = IoKind::write;
  Bytes bytes{4096};
  Duration pause{};           // before each IO
  std::uint32_t at_once = 1;  // IOs under way
};

class DiskRig {
 public:
  // Nobody measures from a tick on: jiffies began 1 ms ago.
  explicit DiskRig(const DiskSpec& spec, Jiffies boot = 1'000'000)
      : spec_(spec), disk_(spec, JiffyClock(spec.tick, spec.tick - milliseconds(1), boot)) {}

  void add(const Program& program) {
    programs_.push_back(program);
    done_.emplace_back();
    next_.insert(next_.end(), program.at_once, Instant() + program.pause);
    owners_.insert(owners_.end(), program.at_once,
                   static_cast<std::uint32_t>(programs_.size() - 1));
  }

  void run_until(Instant end) {
    for (;;) {
      Instant now = disk_.next_instant();
      for (const Instant at : next_) now = std::min(now, at);
      if (now > end) return;
      for (std::uint32_t s = 0; s < next_.size(); ++s) {
        if (next_[s] == now) submit(s, now);
      }
      finished_.clear();
      disk_.advance(spec_, now, finished_);
      for (const Io& io : finished_) {
        const std::uint32_t program = owners_[io.user.id];
        done_[program].push_back(now);
        io_.push_back(io);
        next_[io.user.id] = now + programs_[program].pause;
      }
    }
  }

  // When IOs of the program were done.
  const std::vector<Instant>& done(std::size_t program) const { return done_[program]; }
  const std::vector<Io>& all() const { return io_; }
  const BlockDevice& disk() const { return disk_; }

 private:
  void submit(std::uint32_t slot, Instant now) {
    const Program& program = programs_[owners_[slot]];
    Io io;
    io.user = {IoOwner::task, slot};
    io.group = program.group;
    io.kind = program.kind;
    io.bytes = program.bytes;
    Draws luck(1, count_++);
    io.latency = spec_.device.medium[program.kind].latency.draw_duration(luck);
    disk_.submit(spec_, io, now);
    next_[slot] = Instant::never();
  }

  DiskSpec spec_;
  BlockDevice disk_;
  std::vector<Program> programs_;
  std::vector<std::uint32_t> owners_;
  std::vector<Instant> next_;
  std::vector<std::vector<Instant>> done_;
  std::vector<Io> finished_, io_;
  std::uint64_t count_ = 0;
};

}  // namespace cotenant
