// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a setup costs against how slow it is: a point for each setup that has a price and a p95,
// filled where all objectives are met.
#pragma once

#include "gui/items/comparison_model.h"
#include "gui/views/chart.h"

namespace cotenant::gui {

class CostChart : public Chart {
  Q_OBJECT

 public:
  explicit CostChart(QWidget* parent = nullptr);

  void setReport(ReportPtr report);

  Rows rows() const override;

 protected:
  void redraw() override;

 private:
  void addPoint(std::size_t setup);

  ReportPtr report_;
};

}  // namespace cotenant::gui
