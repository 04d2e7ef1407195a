// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_neighbor.h"

#include "scenarios/compile_laws.h"
#include "scenarios/compile_steps.h"

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

}  // namespace

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

}  // namespace cotenant
