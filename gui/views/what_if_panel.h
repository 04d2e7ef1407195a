// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sliders for what one asks about: what all setups share, and what decides about the selected one.
// A slider says its value beside it; arrows and page keys move it.
#pragma once

#include <QWidget>
#include <vector>

#include "gui/items/knobs.h"

QT_BEGIN_NAMESPACE
class QGridLayout;
class QLabel;
class QSlider;
class QVBoxLayout;
QT_END_NAMESPACE

namespace cotenant::gui {

class WhatIfPanel : public QWidget {
  Q_OBJECT

 public:
  explicit WhatIfPanel(QWidget* parent = nullptr);

  // The knobs of that setup. Sliders that are being moved stay as they are.
  void setKnobs(const QString& setup, std::vector<Knob> knobs);

 Q_SIGNALS:
  // All values that a slider passes while it is dragged belong together: only the first begins.
  void turned(const cotenant::gui::Knob& knob, qlonglong value, bool begins);

 private:
  struct Row {
    QSlider* slider = nullptr;
    QLabel* value = nullptr;
  };

  static Row addRow(QGridLayout& grid, const QString& name);
  void fill(Row& row, const Knob& knob);
  bool isSame(const std::vector<Knob>& knobs) const;
  void rebuild();
  void turn(std::size_t row, int position);

  QVBoxLayout* column_;
  QWidget* content_ = nullptr;
  std::vector<Row> rows_;
  std::vector<Knob> knobs_;
  QString setup_;
  bool begins_ = true;
};

}  // namespace cotenant::gui
