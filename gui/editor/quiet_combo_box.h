// SPDX-License-Identifier: GPL-3.0-or-later
//
// A combo box for forms: flat, as narrow as the form is, and changed by the wheel only when it has
// the focus, so that the form can be scrolled.
#pragma once

#include <QComboBox>

namespace cotenant::gui {

class QuietComboBox : public QComboBox {
  Q_OBJECT

 public:
  explicit QuietComboBox(QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
};

}  // namespace cotenant::gui
