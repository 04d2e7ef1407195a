// SPDX-License-Identifier: Apache-2.0
//
// The truth application reads and writes at random places of files of 16 MiB, which were written
// before and so are in the page cache, and appends to a log that all share. Each is asked for in
// KiB and may go past the cache (direct=1), or wait for the disk (fsync=1).
#include "validation/recording/replay_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "validation/recording/recorded_machine.h"
#include "validation/recording/request_path.h"

namespace cotenant {
namespace {

constexpr std::array<std::string_view, 5> kParameters = {"rd", "wr", "log", "fsync", "direct"};

// The value that all requests give a parameter; nothing: none has it, or they differ.
struct Common {
  bool differs = false;
  std::optional<double> value;
};

std::optional<double> value_in(const MeasuredRequest& request, std::string_view parameter) {
  std::optional<double> value;
  for_each_parameter(request.path, [&](std::string_view name, std::string_view text) {
    if (name == parameter) value = std::strtod(std::string(text).c_str(), nullptr);
  });
  return value;
}

Common common_of(const Bundle& bundle, std::string_view parameter) {
  Common common;
  bool is_first = true;
  for (const MeasuredRequest& request : bundle.requests) {
    const std::optional<double> value = value_in(request, parameter);
    if (!is_first && value != common.value) common.differs = true;
    common.value = value;
    is_first = false;
  }
  return common;
}

bool is_set(const Bundle& bundle, std::string_view parameter) {
  return common_of(bundle, parameter).value.value_or(0) == 1;
}

std::optional<SizeLaw> size_of(const Bundle& bundle, std::string_view parameter) {
  const std::optional<double> kib = common_of(bundle, parameter).value;
  if (!kib) return std::nullopt;
  return SizeLaw{ConstantSize{Bytes(static_cast<std::int64_t>(std::floor(*kib * 1024)))}};
}

}  // namespace

bool is_about_files(std::string_view parameter) {
  return std::find(kParameters.begin(), kParameters.end(), parameter) != kParameters.end();
}

std::vector<Step> file_steps_of(const Bundle& bundle) {
  const bool direct = is_set(bundle, "direct");
  const bool sync = is_set(bundle, "fsync");
  std::vector<Step> steps;
  if (const auto size = size_of(bundle, "rd")) {
    steps.push_back(ReadStep{*size, direct ? 0.0 : 1.0, direct});
  }
  if (const auto size = size_of(bundle, "wr")) {
    if (direct || !sync) steps.push_back(WriteStep{*size, direct});
    if (sync) steps.push_back(FsyncStep{direct ? SizeLaw{ConstantSize{}} : *size});
  }
  if (const auto size = size_of(bundle, "log")) steps.push_back(LogStep{*size, sync});
  return steps;
}

std::string why_files_are_not_replayed(const Bundle& bundle) {
  for (const std::string_view parameter : kParameters) {
    if (!common_of(bundle, parameter).differs) continue;
    return "its requests differ in \"" + std::string(parameter) +
           "\", which is modeled where all do the same";
  }
  return {};
}

std::optional<Disk> disk_of(const Bundle& bundle) {
  if (file_steps_of(bundle).empty()) return std::nullopt;
  Disk disk = recorded_disk();
  disk.scheduler = bundle.io_scheduler;
  return disk;
}

IoControl io_control_of(const Bundle& bundle, const RecordedGroup& group) {
  IoControl io;
  if (!disk_of(bundle)) return io;
  const auto speed = [](std::int64_t bytes) {
    return bytes > 0 ? std::optional(LinkSpeed{bytes}) : std::nullopt;
  };
  const auto count = [](std::int64_t ios) { return ios > 0 ? std::optional(ios) : std::nullopt; };
  io.read_bps = speed(group.throttle.read_bps);
  io.write_bps = speed(group.throttle.write_bps);
  io.read_iops = count(group.throttle.read_iops);
  io.write_iops = count(group.throttle.write_iops);
  io.io_weight = count(group.bfq_weight);
  return io;
}

}  // namespace cotenant
