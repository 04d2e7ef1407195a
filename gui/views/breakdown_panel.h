// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bars of where the time goes, and the choice of whose time.
#pragma once

#include <QWidget>

#include "gui/views/breakdown_chart.h"

namespace cotenant::gui {

class BreakdownPanel : public QWidget {
  Q_OBJECT

 public:
  explicit BreakdownPanel(QWidget* parent = nullptr);

  BreakdownChart& chart() { return *chart_; }

 private:
  BreakdownChart* chart_;
};

}  // namespace cotenant::gui
