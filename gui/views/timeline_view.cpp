// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/timeline_view.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <utility>

#include "gui/items/texts.h"
#include "gui/items/timeline_rows.h"
#include "gui/look/theme.h"
#include "gui/views/timeline_chart.h"

namespace cotenant::gui {

TimelineView::TimelineView(QWidget* parent)
    : QWidget(parent), hint_(new QLabel(this)), rows_(new QVBoxLayout) {
  auto* const content = new QWidget;
  content->setLayout(rows_);
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(0);
  auto* const scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setWidget(content);
  scroll->setFrameShape(QFrame::NoFrame);
  hint_->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
  hint_->setForegroundRole(QPalette::PlaceholderText);
  auto* const column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(hint_);
  column->addWidget(scroll, 1);
  setAccessibleName(tr("Timelines"));
}

void TimelineView::setReport(ReportPtr report, int setup) {
  report_ = std::move(report);
  setup_ = setup;
  outdated_ = !isVisible();
  if (!outdated_) fill();
}

void TimelineView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (std::exchange(outdated_, false)) fill();
}

void TimelineView::refresh() {
  for (TimelineChart* const chart : charts_) chart->refresh();
}

void TimelineView::fill() {
  const bool known = report_ && setup_ >= 0 && setup_ < static_cast<int>(report_->setups.size()) &&
                     report_->setups[static_cast<std::size_t>(setup_)].timeline;
  std::vector<TimelineRow> rows;
  const Timeline* timeline = nullptr;
  if (known) {
    const SetupReport& setup = report_->setups[static_cast<std::size_t>(setup_)];
    timeline = &*setup.timeline;
    rows = timeline_rows(*timeline);
    hint_->setText(tr("%1: one run, the first of those in the table").arg(text(setup.name)));
  } else {
    hint_->setText(tr("What happens when appears here, for the selected setup."));
  }
  while (charts_.size() > rows.size()) {
    delete charts_.back();
    charts_.pop_back();
  }
  while (charts_.size() < rows.size()) {
    auto* const chart = new TimelineChart;
    charts_.push_back(chart);
    rows_->addWidget(chart);
    connect(chart, &TimelineChart::rangeChanged, this, &TimelineView::zoomTo);
    connect(chart, &TimelineChart::cursorMoved, this, [this](double time) {
      for (TimelineChart* const other : charts_) other->setCursorAt(time);
    });
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    charts_[i]->setRow(rows[i], timeline->events, timeline->end);
  }
}

void TimelineView::zoomTo(double from, double to) {
  for (TimelineChart* const chart : charts_) {
    if (chart != sender()) chart->setRange(from, to);
  }
}

}  // namespace cotenant::gui
