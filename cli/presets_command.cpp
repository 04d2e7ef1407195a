// SPDX-License-Identifier: Apache-2.0
//
// `cotenant presets`: what scenarios assume without saying it, with the version of the software and
// the source of each value.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output.h"
#include "scenarios/nearest.h"
#include "scenarios/presets.h"
#include "study/writers/display.h"
#include "study/writers/table.h"

namespace cotenant {
namespace {

constexpr std::size_t kLabel = 10;

// "software  gunicorn 20.1": the text wrapped beside its label.
std::string labeled(std::string_view label, std::string_view text, std::size_t width) {
  std::string lines;
  for (const std::string& line : wrap(text, width - kLabel)) {
    lines += pad_right(lines.empty() ? label : "", kLabel) + line + "\n";
  }
  return lines;
}

// A source that most values of the preset share stands above them, and is a dash in the table.
std::vector<std::string> table_of(const Preset& preset) {
  Table table;
  table.columns = {{"key", "", Align::left, {}},
                   {"value", "", Align::left, {}},
                   {"source", "", Align::left, {}}};
  for (const PresetValue& value : preset.values) {
    table.columns[0].cells.push_back(value.key);
    table.columns[1].cells.push_back(value.text);
    table.columns[2].cells.push_back(value.source == preset.source ? "as above" : value.source);
  }
  return table_lines(table, Ink(false));
}

std::string text_of(const Preset& preset, std::size_t width) {
  std::string text = preset.name + "\n";
  text += labeled("what", preset.meaning, width);
  text += labeled("software", preset.software, width);
  text += labeled("source", preset.source, width);
  if (!preset.used_by.empty())
    text += labeled("used by", fmt::format("{}", fmt::join(preset.used_by, ", ")), width);
  if (preset.values.empty()) return text;
  text += "\n";
  for (const std::string& line : table_of(preset)) text += "  " + line + "\n";
  return text;
}

constexpr std::string_view kLegend =
    "measured: from recordings of a real server. divided: part of what was measured, how that "
    "divides is assumed. assumed: nobody measured it. hot: the code just ran in this process; "
    "cold: "
    "it did not for cold_after.";

std::string text_of(const std::vector<Preset>& list, std::size_t width) {
  std::string text;
  for (const Preset& preset : list) text += text_of(preset, width) + "\n";
  const bool has_phases = std::any_of(list.begin(), list.end(), [](const Preset& preset) {
    return preset.kind == PresetKind::overhead && !preset.values.empty();
  });
  if (!has_phases) return text;
  for (const std::string& line : wrap(kLegend, width)) text += line + "\n";
  return text;
}

// All, or the one of that name; nothing where there is none.
std::vector<Preset> chosen(const std::string& name) {
  std::vector<Preset> list = presets();
  if (name.empty()) return list;
  std::erase_if(list, [&](const Preset& preset) { return preset.name != name; });
  return list;
}

std::string unknown(const std::string& name) {
  const std::vector<Preset> list = presets();
  std::vector<std::string_view> names;
  for (const Preset& preset : list) names.push_back(preset.name);
  const std::string nearest = nearest_name(name, names);
  return "cotenant: \"" + printable(name) + "\" is not a preset" +
         (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?") +
         "\nTry \"cotenant presets\".\n";
}

}  // namespace

ExitCode presets_command(const PresetsArguments& arguments, Environment& environment) {
  const std::vector<Preset> list = chosen(arguments.name);
  if (list.empty()) {
    environment.err << unknown(arguments.name);
    return ExitCode::usage;
  }
  write_stream(environment.out, arguments.format == PresetsFormat::json
                                    ? presets_json(list)
                                    : text_of(list, environment.out_width));
  return ExitCode::ok;
}

}  // namespace cotenant
