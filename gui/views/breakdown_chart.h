// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the time went: a bar for each setup, divided by wait state, useful time in cool colors and
// lost time in warm ones.
#pragma once

#include "gui/items/breakdown.h"
#include "gui/items/comparison_model.h"
#include "gui/views/chart.h"

namespace cotenant::gui {

class BreakdownChart : public Chart {
  Q_OBJECT

 public:
  explicit BreakdownChart(QWidget* parent = nullptr);

  void setReport(ReportPtr report);
  void setAround(Around around);

  Rows rows() const override;

 Q_SIGNALS:
  void barPicked(int setup, cotenant::gui::Around around);

 protected:
  void redraw() override;
  void drawForeground(QPainter* painter, const QRectF& area) override;

 private:
  void addBars(const Breakdown& breakdown, double scale);

  ReportPtr report_;
  std::vector<std::size_t> growing_;  // setups, in the lowest rows
  Around around_ = Around::p99;
};

// "the p99", for titles.
QString phrase(Around around);

}  // namespace cotenant::gui
