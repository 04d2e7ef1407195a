// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "cli/load.h"

#include <optional>
#include <utility>

#include "scenarios/decode.h"
#include "study/writers/display.h"

namespace cotenant {
namespace {

// Nothing when some --set is not understood; then each of those has been reported.
std::optional<std::vector<Override>> parse_sets(const std::vector<std::string>& sets,
                                                std::ostream& err) {
  std::vector<Override> overrides;
  for (const std::string& set : sets) {
    Checked<Override> parsed = parse_override(set);
    if (parsed.ok()) {
      overrides.push_back(std::move(parsed).value());
    } else {
      print(parsed.diagnostics(), "--set " + set, err);
    }
  }
  return overrides.size() == sets.size() ? std::optional(std::move(overrides)) : std::nullopt;
}

}  // namespace

std::optional<Catalog> load_catalogs(const std::vector<std::string>& files,
                                     Environment& environment) {
  Catalog all;
  bool valid = true;
  for (const std::string& file : files) {
    const Input input = read_input(file, environment.in);
    const Checked<Catalog> catalog = decode_catalog(input.text);
    if (catalog.ok()) {
      all = merged(std::move(all), *catalog);
    } else {
      print(catalog.diagnostics(), input.name, environment.err);
      valid = false;
    }
  }
  return valid ? std::optional(merged(std::move(all), shipped_catalog())) : std::nullopt;
}

std::vector<LoadedScenario> load(const Sources& sources, Environment& environment) {
  std::vector<LoadedScenario> loaded;
  const std::optional<std::vector<Override>> overrides = parse_sets(sources.sets, environment.err);
  const std::optional<Catalog> catalog = load_catalogs(sources.catalogs, environment);
  if (!overrides || !catalog) return loaded;
  for (const std::string& file : sources.files) {
    Input input = read_input(file, environment.in);
    Checked<Scenario> scenario = decode(input.text, *overrides, *catalog);
    if (scenario.ok()) {
      loaded.push_back({std::move(input), std::move(scenario).value()});
    } else {
      print(scenario.diagnostics(), input.name, environment.err);
    }
  }
  return loaded;
}

void print(const Diagnostics& diagnostics, const std::string& name, std::ostream& err) {
  for (const Diagnostic& diagnostic : diagnostics) {
    err << printable(render(diagnostic, name)) << '\n';
  }
  if (diagnostics.left_out() > 0) {
    err << printable(name) << ": error: and " << diagnostics.left_out() << " more problems\n";
  }
}

}  // namespace cotenant
