// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/look/theme.h"

#include <QApplication>
#include <QGuiApplication>
#include <QStyleFactory>

#include "gui/look/style_sheet.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

// Contrast of text and secondary text with both grounds is at least 4.5 to 1.
const Theme kLight = {Shade::light,     QColor(0xffffff), QColor(0xf6f7f9), QColor(0x1c2330),
                      QColor(0x5c6675), QColor(0xd9dee5), QColor(0x0072b2)};
const Theme kDark = {Shade::dark,      QColor(0x14171c), QColor(0x1c2128), QColor(0xe6eaf0),
                     QColor(0x98a2b3), QColor(0x323a45), QColor(0x56b4e9)};

const Theme* current = &kLight;

// What the desktop had before it was given a palette of ours.
const QPalette& systemPalette() {
  static const QPalette palette = QGuiApplication::palette();
  return palette;
}

// Colors of the palette are chosen on white; on dark grounds they are lighter by so much (percent).
constexpr int kLighterOnDark = 125;

QColor onGround(std::uint32_t rgb) {
  const QColor color(static_cast<QRgb>(rgb));
  return current->shade == Shade::light ? color : color.lighter(kLighterOnDark);
}

}  // namespace

QPalette Theme::palette() const {
  QPalette colors;
  colors.setColor(QPalette::Window, panel);
  colors.setColor(QPalette::WindowText, text);
  colors.setColor(QPalette::Base, background);
  colors.setColor(QPalette::AlternateBase, panel);
  colors.setColor(QPalette::Text, text);
  colors.setColor(QPalette::PlaceholderText, secondary);
  colors.setColor(QPalette::Button, panel);
  colors.setColor(QPalette::ButtonText, text);
  colors.setColor(QPalette::ToolTipBase, panel);
  colors.setColor(QPalette::ToolTipText, text);
  // Quiet, so that colors with a meaning can be told on it, too.
  colors.setColor(QPalette::Highlight, line);
  colors.setColor(QPalette::HighlightedText, text);
  colors.setColor(QPalette::Link, accent);
  colors.setColor(QPalette::Mid, line);
  colors.setColor(QPalette::Dark, line);
  colors.setColor(QPalette::Light, background);
  colors.setColor(QPalette::Midlight, panel);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    colors.setColor(QPalette::Disabled, role, secondary);
  }
  return colors;
}

const Theme& theme(Shade shade) { return shade == Shade::light ? kLight : kDark; }

const Theme& currentTheme() { return *current; }

void setTheme(Shade shade) {
  systemPalette();
  current = &theme(shade);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(current->palette());
  QApplication::setFont(textFont(TextSize::body));
  qApp->setStyleSheet(styleSheet(*current));
}

Shade systemShade() {
  const QPalette& palette = systemPalette();
  const bool dark =
      palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
  return dark ? Shade::dark : Shade::light;
}

QFont textFont(TextSize size, bool bold) {
  QFont result;
  result.setPointSize(static_cast<int>(size));
  result.setBold(bold);
  return result;
}

QFont tabularFont(TextSize size) {
  QFont result = textFont(size);
  // Where the family has them; those of DejaVu Sans and Cantarell are of one width anyway.
  result.setStyleHint(QFont::SansSerif);
  return result;
}

QColor setupColor(std::size_t index) { return onGround(cotenant::setup_color(index)); }
QColor colorOf(WaitState state) { return onGround(words(state).color); }
QColor colorOf(Verdict verdict) { return onGround(words(verdict).color); }

}  // namespace cotenant::gui
