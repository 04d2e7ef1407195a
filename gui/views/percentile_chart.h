// SPDX-License-Identifier: GPL-3.0-or-later
//
// Latency by percentile, a line for each setup: the percentiles on an axis that stretches the tail,
// the latency on a logarithmic one, objectives as dashed lines with their bound.
#pragma once

#include "gui/items/comparison_model.h"
#include "gui/views/chart.h"

QT_BEGIN_NAMESPACE
class QCategoryAxis;
class QLineSeries;
class QLogValueAxis;
QT_END_NAMESPACE

namespace cotenant::gui {

class PercentileChart : public Chart {
  Q_OBJECT

 public:
  explicit PercentileChart(QWidget* parent = nullptr);

  // The selected setup is drawn thicker than the others; none: -1.
  void setReport(ReportPtr report, int selected);
  void setSelected(int setup);

  Rows rows() const override;

 Q_SIGNALS:
  // Somebody asked for a request from exactly there.
  void percentilePicked(int setup, double percentile);

 protected:
  void redraw() override;

 private:
  void addSetup(std::size_t index, QLogValueAxis& latency, QCategoryAxis& percentile);
  void draw(QLineSeries* line, QLogValueAxis& latency, QCategoryAxis& percentile);
  int nearestSetup(QPointF at) const;  // -1: none is near
  void mouseReleaseEvent(QMouseEvent* event) override;

  ReportPtr report_;
  int selected_ = -1;
};

}  // namespace cotenant::gui
