// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/what_if_panel.h"

#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

WhatIfPanel::WhatIfPanel(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
}

WhatIfPanel::Row WhatIfPanel::addRow(QGridLayout& grid, const QString& name) {
  const int row = grid.rowCount();
  Row made{new QSlider(Qt::Horizontal), new QLabel};
  auto* const label = new QLabel(name);
  label->setBuddy(made.slider);
  made.slider->setAccessibleName(name);
  made.slider->setMinimumWidth(12 * kGrid);
  made.value->setMinimumWidth(8 * kGrid);
  made.value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  made.value->setFont(tabularFont());
  grid.addWidget(label, row, 0);
  grid.addWidget(made.slider, row, 1);
  grid.addWidget(made.value, row, 2);
  return made;
}

void WhatIfPanel::setKnobs(const QString& setup, std::vector<Knob> knobs) {
  const bool same = setup == setup_ && isSame(knobs);
  setup_ = setup;
  if (!same) {
    knobs_ = std::move(knobs);
    rebuild();
    return;
  }
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    if (rows_[i].slider->isSliderDown() || knobs[i].value == knobs_[i].value) continue;
    knobs_[i] = knobs[i];
    fill(rows_[i], knobs_[i]);
  }
}

// The same sliders, perhaps with other values.
bool WhatIfPanel::isSame(const std::vector<Knob>& knobs) const {
  if (knobs.size() != knobs_.size()) return false;
  for (std::size_t i = 0; i < knobs.size(); ++i) {
    if (knobs[i].pointer != knobs_[i].pointer || knobs[i].kind != knobs_[i].kind) return false;
  }
  return true;
}

void WhatIfPanel::rebuild() {
  if (content_ != nullptr) {
    content_->setParent(nullptr);
    content_->deleteLater();  // one of its sliders may have caused this
  }
  content_ = new QWidget;
  rows_.clear();
  auto* const grid = new QGridLayout(content_);
  grid->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, 2 * kGrid);
  grid->setHorizontalSpacing(2 * kGrid);
  grid->setVerticalSpacing(kGrid);
  grid->setColumnStretch(1, 1);
  for (std::size_t i = 0; i < knobs_.size(); ++i) {
    if (i > 0 && knobs_[i - 1].shared && !knobs_[i].shared) {
      auto* const heading = new QLabel(setup_);
      heading->setFont(textFont(TextSize::body, true));
      grid->addWidget(heading, grid->rowCount(), 0, 1, 3);
    }
    rows_.push_back(addRow(*grid, text(knobs_[i].label)));
    fill(rows_[i], knobs_[i]);
    rows_[i].slider->setToolTip(text(knobs_[i].help));
    connect(rows_[i].slider, &QSlider::sliderPressed, this, [this] { begins_ = true; });
    connect(rows_[i].slider, &QSlider::valueChanged, this,
            [this, i](int position) { turn(i, position); });
  }
  grid->setRowStretch(grid->rowCount(), 1);
  column_->addWidget(content_);
}

void WhatIfPanel::turn(std::size_t row, int position) {
  const Knob knob = knobs_[row];
  const std::int64_t value = value_at(knob, position);
  rows_[row].value->setText(text(shown(knob, value)));
  const bool begins = std::exchange(begins_, false) || !rows_[row].slider->isSliderDown();
  Q_EMIT turned(knob, value, begins);
}

void WhatIfPanel::fill(Row& row, const Knob& knob) {
  const QSignalBlocker quiet(row.slider);
  row.slider->setRange(0, steps_of(knob));
  row.slider->setPageStep(std::max(1, steps_of(knob) / 10));
  row.slider->setValue(position_of(knob, knob.value));
  row.value->setText(text(shown(knob, knob.value)));
}

}  // namespace cotenant::gui
