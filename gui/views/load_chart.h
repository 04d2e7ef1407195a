// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a setup bears more load: its p95 at the loads that were tried, where it holds its objectives
// and where it breaks one, with the cliff between them as a band.
#pragma once

#include <memory>
#include <optional>

#include "gui/views/chart.h"
#include "study/cliff.h"

namespace cotenant::gui {

class LoadChart : public Chart {
  Q_OBJECT

 public:
  explicit LoadChart(QWidget* parent = nullptr);

  void setCliff(const QString& setup, Cliff cliff);
  // Instead of a curve: how to get one, or that it is being looked for.
  void setMessage(const QString& message);

  Rows rows() const override;

 protected:
  void redraw() override;

 private:
  QString setup_, message_;
  std::optional<Cliff> cliff_;
};

}  // namespace cotenant::gui
