// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/inspector_view.h"

#include <QDoubleSpinBox>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "gui/views/waterfall.h"
#include "study/writers/format.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

// Below, a part of its time is not worth a line.
constexpr double kWorthALine = 0.01;
constexpr double kHighest = 99.9;

QString shown(double seconds) {
  const Scale scale = scale_of(MetricUnit::seconds, seconds, seconds);
  return text(significant(seconds * scale.factor)) + QLatin1Char(' ') + text(scale.unit);
}

QString headingOf(const Inspection& inspection, const TracedRequest& request) {
  return InspectorView::tr("%1 of %2 in the first run: %3, %4, arrived after %5")
      .arg(text(request.request_class), text(inspection.setup), shown(request.latency),
           text(words(request.outcome)), shown(request.arrival));
}

// "180 ms (62 %) held back by its CPU limit (cpu.max throttling), 3 times: web".
QString lineOf(const TracedRequest& request, const TraceShare& share) {
  QString line =
      InspectorView::tr("%1 (%2 %) %3")
          .arg(shown(share.seconds), text(significant(share.seconds / request.latency * 100)),
               text(words(share.state).phrase));
  if (share.times > 1) line += InspectorView::tr(", %1 times").arg(text(grouped(share.times)));
  if (!share.by.empty()) line += QStringLiteral(": ") + text(share.by);
  return line;
}

}  // namespace

InspectorView::InspectorView(QWidget* parent)
    : QWidget(parent),
      percentile_(new QDoubleSpinBox(this)),
      heading_(new QLabel(this)),
      reasons_(new QLabel),
      waterfall_(new Waterfall) {
  percentile_->setRange(0, kHighest);
  percentile_->setDecimals(1);
  percentile_->setValue(99);
  percentile_->setPrefix(tr("p"));
  percentile_->setKeyboardTracking(false);
  percentile_->setButtonSymbols(QAbstractSpinBox::NoButtons);
  percentile_->setAccessibleName(tr("Percentile of the request"));
  heading_->setWordWrap(true);
  reasons_->setWordWrap(true);
  reasons_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  auto* const scroll = new QScrollArea;
  auto* const content = new QWidget;
  auto* const rows = new QVBoxLayout(content);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(kGrid);
  rows->addWidget(waterfall_);
  rows->addWidget(reasons_);
  rows->addStretch(1);
  scroll->setWidget(content);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* const top = new QHBoxLayout;
  top->addWidget(percentile_);
  top->addWidget(heading_, 1);
  auto* const column = new QVBoxLayout(this);
  column->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
  column->setSpacing(kGrid);
  column->addLayout(top);
  column->addWidget(scroll, 1);
  connect(percentile_, &QDoubleSpinBox::valueChanged, this, &InspectorView::percentileChanged);
}

double InspectorView::percentile() const { return percentile_->value() / 100; }

void InspectorView::setPercentile(double percentile) {
  const QSignalBlocker quiet(percentile_);
  percentile_->setValue(percentile * 100);
}

void InspectorView::setMessage(const QString& message) {
  heading_->setText(message);
  reasons_->clear();
  waterfall_->setRequest({});
}

void InspectorView::setInspection(const Inspection& inspection) {
  if (inspection.traces.empty()) return setMessage(text(inspection.why_none));
  const TracedRequest& request = inspection.traces.front();
  heading_->setText(headingOf(inspection, request));
  QStringList lines;
  for (const TraceShare& share : request.shares) {
    if (share.seconds >= kWorthALine * request.latency) lines.push_back(lineOf(request, share));
  }
  reasons_->setText(lines.join(QLatin1Char('\n')));
  waterfall_->setRequest(request);
}

}  // namespace cotenant::gui
