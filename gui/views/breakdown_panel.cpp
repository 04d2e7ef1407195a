// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/breakdown_panel.h"

#include <QTabBar>
#include <QVBoxLayout>
#include <array>

namespace cotenant::gui {
namespace {

constexpr std::array kParts = {Around::mean, Around::p50, Around::p99};

}  // namespace

BreakdownPanel::BreakdownPanel(QWidget* parent)
    : QWidget(parent), chart_(new BreakdownChart(this)) {
  auto* const parts = new QTabBar(this);
  parts->addTab(tr("mean"));
  parts->addTab(tr("p50"));
  parts->addTab(tr("p99"));
  parts->setCurrentIndex(2);
  parts->setDrawBase(false);
  parts->setAccessibleName(tr("Requests around"));
  connect(parts, &QTabBar::currentChanged, this,
          [this](int index) { chart_->setAround(kParts[static_cast<std::size_t>(index)]); });
  auto* const column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(parts, 0, Qt::AlignLeft);
  column->addWidget(chart_, 1);
}

}  // namespace cotenant::gui
