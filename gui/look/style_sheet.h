// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Qt's Fusion style does not take from a palette: flat borders, distances, quiet headers.
#pragma once

#include <QString>

namespace cotenant::gui {

struct Theme;

QString styleSheet(const Theme& theme);

}  // namespace cotenant::gui
