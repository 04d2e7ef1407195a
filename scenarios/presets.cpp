// SPDX-License-Identifier: Apache-2.0
//
// Visitors of the field table that collect defaults and the phases of overheads.
#include "scenarios/presets.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scenarios/constants.h"
#include "scenarios/encoder.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/pretty.h"
#include "scenarios/restart_policies.h"
#include "scenarios/software.h"

namespace cotenant {
namespace {

// "30s", "refused, reset", "50us hot, 165us cold".
std::string plain(const OrderedJson& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += (text.empty() ? "" : ", ") + plain(item) + (value.is_object() ? " " + key : "");
  }
  return text;
}

PresetValue value_of(std::string_view key, const OrderedJson& json, std::string_view source,
                     const Field& field) {
  return {std::string(key), json.dump(), plain(json), std::string(source), std::string(field.help)};
}

// --- Overheads

template <class T>
concept HasOverhead = requires(T server) {
  server.overhead;
};

// The costs of one preset, by the keys that an overhead of this kind has.
template <class AnyOverhead>
class PhaseReader {
 public:
  PhaseReader(const OverheadPreset& preset, const AnyOverhead& overhead) : preset_(preset) {
    for_each_phase(overhead, [&](ServerPhase phase, const auto& member) {
      phases_.emplace_back(&member, phase);
    });
  }

  void field(std::string_view, const std::string&, const Field&) {}  // the preset's name
  void field(std::string_view key, const std::optional<PhaseCost>& member, const Field& field) {
    const auto at = std::find_if(phases_.begin(), phases_.end(),
                                 [&](const auto& phase) { return phase.first == &member; });
    COTENANT_ASSERT(at != phases_.end());
    const PhaseCpu& cost = preset_.overhead[at->second];
    const PhaseCost as_said{cost.hot, cost.cold};
    values.push_back(value_of(key, to_json(as_said, {}, Defaults::shown),
                              to_string(preset_.origin_of(at->second)), field));
  }
  void field(std::string_view key, const std::optional<Duration>&, const Field& field) {
    values.push_back(value_of(key, to_json(preset_.overhead.cold_after, field, Defaults::shown),
                              to_string(preset_.origin), field));
  }

  std::vector<PresetValue> values;

 private:
  const OverheadPreset& preset_;
  std::vector<std::pair<const std::optional<PhaseCost>*, ServerPhase>> phases_;
};

template <class AnyOverhead>
std::vector<PresetValue> phases_of(const OverheadPreset& preset) {
  const AnyOverhead overhead;
  PhaseReader<AnyOverhead> reader(preset, overhead);
  fields(reader, overhead);
  return std::move(reader.values);
}

constexpr std::string_view kOverheadMeaning =
    "CPU that a server itself spends on a request, besides the application: \"overhead\" of a "
    "service.";

// A preset is of the kinds of servers that offer it. Where nothing costs anything, nothing is
// listed.
Preset overhead_of(const OverheadPreset& preset) {
  Preset result;
  result.name = preset.name;
  result.meaning = kOverheadMeaning;
  result.software = preset.software;
  result.source = preset.source;
  alternatives(Of<decltype(Service::server)>(), [&](auto of, std::string_view server) {
    using Server = typename decltype(of)::type;
    if constexpr (HasOverhead<Server>) {
      using AnyOverhead = decltype(Server::overhead);
      const auto choices = ShortForm<AnyOverhead>::kField.choices;
      if (std::find(choices.begin(), choices.end(), preset.name) == choices.end()) return;
      result.used_by.emplace_back(server);
      if (preset.origin != Origin::defined) result.values = phases_of<AnyOverhead>(preset);
    }
  });
  return result;
}

// --- Defaults

class DefaultsReader {
 public:
  explicit DefaultsReader(std::string_view source) : source_(source) {}

  template <class T>
  void field(std::string_view key, const T& member, const Field& field) {
    if (field.required || std::is_same_v<T, Kernel>) return;  // that is listed by itself
    values.push_back(value_of(key, to_json(member, field, Defaults::shown),
                              field.source.empty() ? source_ : field.source, field));
    if constexpr (requires { member.preset; }) values.back().source = "see that preset";
    if constexpr (kIsOptional<T>) {
      if (!member) unset(values.back(), field);
    } else if constexpr (requires { member.empty(); }) {
      if (member.empty()) unset(values.back(), field);
    }
  }

  std::vector<PresetValue> values;

 private:
  static void unset(PresetValue& value, const Field& field) {
    value.json = "null";
    value.text = field.absent;
    value.source = "unless the scenario says it";
  }

  std::string_view source_;
};

// With the version that is simulated unless the scenario says another one.
template <class T>
std::string software_of(const T& plain) {
  static_assert(!kSoftware<T>.name.empty(), "say in scenarios/software.h which software this is");
  std::string text(kSoftware<T>.name);
  if constexpr (requires { plain.arbiter; }) text += " " + plain.arbiter.version;
  if constexpr (requires { plain.version; }) text += " " + plain.version;
  return text;
}

template <class T>
Preset defaults_of(std::string_view name) {
  const T plain{};
  DefaultsReader reader(kSoftware<T>.source);
  fields(reader, plain);
  Preset result;
  result.name = name;
  result.kind = PresetKind::defaults;
  result.meaning = kTitle<T>.help;
  result.software = software_of(plain);
  result.source = kSoftware<T>.source;
  result.values = std::move(reader.values);
  return result;
}

template <class... T>
void add_defaults(std::vector<Preset>& list) {
  (list.push_back(defaults_of<T>(kTitle<T>.name)), ...);
}

// --- Policies by which services are started again

class PolicyReader {
 public:
  explicit PolicyReader(std::string_view source) : source_(source) {}

  void field(std::string_view, const std::string&, const Field&) {}  // the policy's name
  template <class T>
  void field(std::string_view key, const std::optional<T>& member, const Field& field) {
    if (!member) return;
    values.push_back(value_of(key, to_json(member, field, Defaults::shown), source_, field));
  }

  std::vector<PresetValue> values;

 private:
  std::string_view source_;
};

Preset restarts_of(const RestartPolicy& policy) {
  PolicyReader reader(policy.source);
  fields(reader, policy.said);
  Preset result;
  result.name = policy.name;
  result.kind = PresetKind::restarts;
  result.meaning =
      "When a service is started again whose main process has ended: \"restart\" of a service in a "
      "setup.";
  result.software = policy.software;
  result.source = policy.source;
  result.values = std::move(reader.values);
  return result;
}

std::string_view name_of(PresetKind kind) {
  constexpr std::string_view kNames[] = {"overhead", "defaults", "constants", "restarts"};
  return kNames[static_cast<std::size_t>(kind)];
}

OrderedJson json_of(const Preset& preset) {
  OrderedJson json = {{"name", preset.name},
                      {"kind", name_of(preset.kind)},
                      {"meaning", preset.meaning},
                      {"software", preset.software},
                      {"source", preset.source}};
  if (preset.kind == PresetKind::overhead) json["used_by"] = preset.used_by;
  json["values"] = OrderedJson::object();
  for (const PresetValue& value : preset.values) {
    json["values"][value.key] = {{"value", OrderedJson::parse(value.json)},
                                 {"source", value.source},
                                 {"meaning", value.meaning}};
  }
  return json;
}

}  // namespace

std::vector<Preset> presets() {
  std::vector<Preset> list;
  for (const OverheadPreset& preset : overhead_presets()) list.push_back(overhead_of(preset));
  alternatives(Of<decltype(Service::server)>(), [&](auto of, std::string_view name) {
    list.push_back(defaults_of<typename decltype(of)::type>(name));
  });
  add_defaults<UpstreamServer, PgBouncer, Pool, TokenBudget, Machine, Kernel>(list);
  for (const Preset& each : constants()) list.push_back(each);
  for (const RestartPolicy& policy : restart_policies()) list.push_back(restarts_of(policy));
  return list;
}

std::string presets_json(const std::vector<Preset>& presets) {
  OrderedJson json = {{"presets", OrderedJson::array()}};
  for (const Preset& preset : presets) json["presets"].push_back(json_of(preset));
  return pretty(json);
}

}  // namespace cotenant
