// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the library's UTF-8 to Qt's texts, and back.
#pragma once

#include <QString>
#include <string>
#include <string_view>

namespace cotenant::gui {

inline QString text(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}
inline std::string utf8(const QString& text) { return text.toStdString(); }

}  // namespace cotenant::gui
