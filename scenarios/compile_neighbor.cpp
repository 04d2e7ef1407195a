// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_neighbor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/compile_laws.h"
#include "scenarios/compile_steps.h"
#include "scenarios/recorded_load.h"
#include "sim/base/int128.h"

namespace cotenant {
namespace {

struct CompilePattern {
  CompiledPattern operator()(const OnOff& pattern) const {
    const Law on = compile_law(pattern.on);
    const Law off = compile_law(pattern.off);
    const double cycle = mean(on) + mean(off);
    return OnOffPattern{Sampler(on), Sampler(off), cycle > 0 ? mean(on) / cycle : 0};
  }
  CompiledPattern operator()(const RecordedBursts& pattern) const {
    BurstsPattern compiled;
    for (const Burst& burst : pattern.bursts) compiled.bursts.push_back({burst.pause, burst.on});
    return compiled;
  }
};

CompiledPattern compile_pattern(const std::optional<NeighborPattern>& pattern) {
  return pattern ? std::visit(CompilePattern{}, *pattern) : CompiledPattern(SpinPattern{});
}

std::optional<NeighborFiles> compile_load(const std::optional<FileLoad>& load) {
  if (!load) return std::nullopt;
  NeighborFiles files{compile_use(load->use), Duration(0)};
  if (load->rate) files.every = duration_from_nanoseconds(1e9 / load->rate->per_second);
  return files;
}

std::optional<BoxSpec> compile_box(const std::string& name, const Neighbor& neighbor) {
  if (neighbor.box_cv <= 0) return std::nullopt;
  return BoxSpec{name, Sampler(law::Lognormal{1, neighbor.box_cv})};
}

using Curve = std::shared_ptr<const LoadCurve>;

// A straight line becomes so many steps.
constexpr int kStepsOfLine = 60;

void add_line(LoadCurve& curve, const LoadFactor& from, const LoadFactor& to) {
  const Duration length = to.at - from.at;
  const bool is_level = from.factor == to.factor;
  const std::int64_t steps = is_level ? 1 : std::min<std::int64_t>(kStepsOfLine, length.count());
  for (std::int64_t k = 0; k < steps; ++k) {
    const double middle = (static_cast<double>(k) + 0.5) / static_cast<double>(steps);
    curve.steps.push_back({Instant() + from.at + Duration(scaled(length.count(), k, steps)),
                           from.factor + (to.factor - from.factor) * middle});
  }
}

struct CompileCurve {
  const Neighbor& neighbor;
  const std::string& pointer;
  const std::filesystem::path& directory;

  Checked<Curve> operator()(const LoadProfile& profile) const {
    auto curve = std::make_shared<LoadCurve>();
    const std::vector<LoadFactor>& points = profile.points;
    for (std::size_t i = 1; i < points.size(); ++i) add_line(*curve, points[i - 1], points[i]);
    if (profile.repeat) {
      curve->period = points.back().at;
    } else {
      curve->steps.push_back({Instant() + points.back().at, points.back().factor});
    }
    return Curve(std::move(curve));
  }

  Checked<Curve> operator()(const RecordedLoad& recorded) const {
    const Checked<std::vector<LoadRow>> rows =
        read_load(directory / recorded.file, recorded, pointer + "/load/file");
    if (!rows) return rows.diagnostics();
    auto curve = std::make_shared<LoadCurve>();
    const double usual = share_of_time_on() * static_cast<double>(neighbor.threads);
    for (const LoadRow& row : *rows) {
      curve->steps.push_back({Instant() + row.at, row.load / usual});
    }
    if (recorded.repeat && rows->size() > 1) {
      const Duration last = rows->back().at;
      curve->period = last + (last - (*rows)[rows->size() - 2].at);
    }
    return Curve(std::move(curve));
  }

 private:
  double share_of_time_on() const {
    return std::get<OnOffPattern>(compile_pattern(neighbor.pattern)).on_share;
  }
};

}  // namespace

Checked<NeighborSpec> compile_neighbor(const std::string& name, const Neighbor& neighbor,
                                       const std::string& pointer,
                                       const std::filesystem::path& directory) {
  NeighborSpec thread;
  thread.pattern = compile_pattern(neighbor.pattern);
  thread.box = compile_box(name, neighbor);
  thread.files = compile_load(neighbor.files);
  thread.slowdown = static_cast<std::int64_t>(std::floor(neighbor.slowdown * 1e6 + 0.5));
  if (!neighbor.load) return thread;
  Checked<Curve> curve = std::visit(CompileCurve{neighbor, pointer, directory}, *neighbor.load);
  if (!curve) return curve.diagnostics();
  thread.curve = *std::move(curve);
  return thread;
}

}  // namespace cotenant
