// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/tinted_label.h"

#include <QEvent>

#include "gui/look/theme.h"

namespace cotenant::gui {

TintedLabel::TintedLabel(Tint tint, QWidget* parent) : QLabel(parent), tint_(tint) {
  setWordWrap(true);
  setFont(tint == Tint::heading ? gui::textFont(TextSize::heading, true)
                                : gui::textFont(TextSize::small));
  applyTint();
}

void TintedLabel::changeEvent(QEvent* event) {
  QLabel::changeEvent(event);
  if (event->type() == QEvent::StyleChange) applyTint();
}

void TintedLabel::applyTint() {
  const Theme& now = currentTheme();
  QPalette colors = now.palette();
  const QColor color = tint_ == Tint::heading     ? now.text
                       : tint_ == Tint::secondary ? now.secondary
                                                  : problemColor();
  colors.setColor(QPalette::WindowText, color);
  if (colors != palette()) setPalette(colors);
}

QColor problemColor() {
  // 4.5 to 1 on both grounds of each theme.
  return currentTheme().shade == Shade::light ? QColor(0xb3261e) : QColor(0xff8a80);
}

QString problemText(const QString& message) { return QStringLiteral("▲ ") + message; }

}  // namespace cotenant::gui
