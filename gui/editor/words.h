// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the editor calls things: words of a sentence instead of keys, one line for a whole object.
#pragma once

#include <QString>
#include <string_view>

#include "scenarios/grammar.h"

namespace cotenant::gui {

QString fromUtf8(std::string_view text);

// "retry_budget" is "Retry budget", "cpu_max" is "CPU max".
QString labelOf(std::string_view key);

// "1 step", "3 steps".
QString counted(qsizetype count, const QString& one, const QString& many);

// A plain value as a person would write it: text without quotes, true as "yes".
QString plainText(const Node& node);
QString plainText(std::string_view json);

// A value in one line: "85 % · 3 steps", "25ms, cv 0.6".
QString summaryOf(const ValueType& type, const Node& node);

// Of a member that is not set: "not set: 30s", "required".
QString placeholderOf(const Member& member);

// Help, range, default and where that comes from; rich text.
QString helpOf(const Member& member, const ValueType& type);

}  // namespace cotenant::gui
