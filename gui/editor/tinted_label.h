// SPDX-License-Identifier: GPL-3.0-or-later
//
// A label in one of the theme's quieter or louder colors, which follows when the theme changes.
#pragma once

#include <QLabel>

namespace cotenant::gui {

class TintedLabel : public QLabel {
  Q_OBJECT

 public:
  enum class Tint { heading, secondary, problem };

  explicit TintedLabel(Tint tint, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void applyTint();

  Tint tint_;
};

// What a problem is written in.
QColor problemColor();
// A mark before problems, for those who do not see colors: "▲ ".
QString problemText(const QString& message);

}  // namespace cotenant::gui
