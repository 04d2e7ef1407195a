// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/quiet_combo_box.h"

#include <QPainter>
#include <QWheelEvent>

#include "gui/look/theme.h"

namespace cotenant::gui {

QuietComboBox::QuietComboBox(QWidget* parent) : QComboBox(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  // A style sheet draws a beveled button beside flat borders unless told not to, and then no arrow.
  setStyleSheet(
      QStringLiteral("QComboBox::drop-down { border: none; width: %1px; }").arg(3 * kGrid));
}

void QuietComboBox::paintEvent(QPaintEvent* event) {
  QComboBox::paintEvent(event);
  constexpr qreal kHalf = kGrid / 2.0;
  const QPointF at(width() - 1.5 * kGrid, height() / 2.0);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(currentTheme().secondary, 1.5));
  painter.drawPolyline(QPolygonF({at + QPointF(-kHalf, -kHalf / 2), at + QPointF(0, kHalf / 2),
                                  at + QPointF(kHalf, -kHalf / 2)}));
}

void QuietComboBox::wheelEvent(QWheelEvent* event) {
  if (hasFocus()) return QComboBox::wheelEvent(event);
  event->ignore();
}

}  // namespace cotenant::gui
