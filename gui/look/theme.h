// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one look of the window: colors, type sizes and distances, light and dark. Every widget and
// chart asks here; design-ui's palette is in study/writers/words.h where the terminal uses it, too.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <cstddef>

#include "models/request/wait_state.h"
#include "study/report.h"

namespace cotenant::gui {

enum class Shade { light, dark };

// All distances are multiples of this many pixels.
inline constexpr int kGrid = 8;

// Sizes in points of the one family.
enum class TextSize { small = 9, body = 10, heading = 13, title = 18 };

struct Theme {
  Shade shade = Shade::light;
  QColor background, panel, text, secondary, line, accent;

  QPalette palette() const;
};

const Theme& theme(Shade shade);

// The theme that the application shows now; setTheme() tells all widgets.
const Theme& currentTheme();
void setTheme(Shade shade);
// What the desktop prefers, guessed from its palette: Qt 6.4 does not say.
Shade systemShade();

QFont textFont(TextSize size, bool bold = false);
// Digits of equal width, for tables.
QFont tabularFont(TextSize size = TextSize::body);

QColor setupColor(std::size_t index);
QColor colorOf(WaitState state);
QColor colorOf(Verdict verdict);

}  // namespace cotenant::gui
