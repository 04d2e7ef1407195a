// SPDX-License-Identifier: Apache-2.0
//
// YAML as configurations are written in it: several documents, anchors, merge keys, numbers that
// may be texts. Bounded, and every failure is a problem with its line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"

namespace cotenant {

// All documents of the text.
Checked<std::vector<YAML::Node>> parse_yaml(std::string_view text);

// The member of a map, also of one that it merges (<<); an undefined node where there is none.
YAML::Node member(const YAML::Node& map, const std::string& key);
// The same along "deploy.resources.limits".
YAML::Node member_at(const YAML::Node& map, std::string_view path);

// Of a scalar; empty: there is none.
std::string scalar(const YAML::Node& node);
// From 1.
std::size_t line_of(const YAML::Node& node);

// Words of a command: a list as it is, a text as a shell divides it.
std::vector<std::string> command_words(const YAML::Node& node);

// ${VAR:-default}, ${VAR-default}, $VAR and $$ of compose files, without any environment. Nothing
// when a variable has no default.
std::optional<std::string> interpolated(std::string_view text);

}  // namespace cotenant
