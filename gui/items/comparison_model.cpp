// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/comparison_model.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gui/items/texts.h"
#include "study/objectives.h"
#include "study/parameter_uncertainty.h"
#include "study/writers/format.h"
#include "study/writers/summary.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

const QString kNothing = QStringLiteral("–");

// What one decides by comes first; the others keep their order.
int place_of(Metric metric) {
  constexpr std::array kFirst = {Metric::latency_p95, Metric::latency_p99, Metric::error_ratio,
                                 Metric::latency_p50};
  return static_cast<int>(std::ranges::find(kFirst, metric) - kFirst.begin());
}

QString shown(const Figure& figure) {
  return figure.half_width.empty()
             ? text(figure.value)
             : text(figure.value) + QStringLiteral(" ±") + text(figure.half_width);
}

QString headed(const SummaryColumn& column) {
  return column.unit.empty()
             ? text(column.heading)
             : text(column.heading) + QStringLiteral(" (%1)").arg(text(column.unit));
}

// "95 % of …\n31.2 ms, 95 % interval 30.1 to 32.4 ms", or why there is no number.
QString explained(const MetricValue& value, Metric metric, double confidence) {
  if (!value.value) return text(value.why);
  const Scale scale = scale_of(info(metric).unit, *value.value, *value.value);
  const auto in_unit = [&](double number) { return text(significant(number * scale.factor)); };
  QString line = in_unit(*value.value) + QLatin1Char(' ') + text(scale.unit);
  if (value.low && value.high) {
    line += ComparisonModel::tr(", %1 % interval %2 to %3 %4")
                .arg(text(significant(confidence * 100)), in_unit(*value.low), in_unit(*value.high),
                     text(scale.unit));
  }
  if (value.parts) {
    line += ComparisonModel::tr("\nOf its uncertainty, %1.").arg(text(shares_text(*value.parts)));
  }
  return line;
}

}  // namespace

void ComparisonModel::setReport(ReportPtr report, const QString& file) {
  const ReportPtr before = std::exchange(report_, std::move(report));
  std::vector<Column> columns;
  if (report_) {
    const QString command =
        tr("cotenant run %1 --format json").arg(file.isEmpty() ? tr("FILE") : file);
    columns.push_back(setupColumn());
    columns.push_back(verdictColumn());
    columns.push_back(priceColumn());
    std::ranges::move(metricColumns(command), std::back_inserter(columns));
    std::ranges::move(differenceColumns(), std::back_inserter(columns));
  }
  const std::size_t rows = report_ ? report_->setups.size() : 0;
  const std::size_t rows_before = before ? before->setups.size() : 0;
  if (columns.size() == columns_.size() && rows == rows_before && rows > 0) {
    columns_ = std::move(columns);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    return;
  }
  beginResetModel();
  columns_ = std::move(columns);
  endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !report_ ? 0 : static_cast<int>(report_->setups.size());
}

int ComparisonModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto row = static_cast<std::size_t>(index.row());
  const Column& column = columns_[static_cast<std::size_t>(index.column())];
  const Cell& cell = column.cells[row];
  switch (role) {
    case Qt::DisplayRole:
      return cell.text;
    case Qt::ToolTipRole:
      return cell.explanation;
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(
          Qt::Alignment((column.is_number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1: %2").arg(column.heading, cell.text);
    case sortRole:
      return cell.sort;
    case setupRole:
      return index.row();
    case verdictRole:
      return column.is_verdict ? cell.sort : QVariant();
    default:
      return {};
  }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& column = columns_[static_cast<std::size_t>(section)];
  switch (role) {
    case Qt::DisplayRole:
      return column.heading;
    case Qt::ToolTipRole:
      return column.explanation;
    case keyRole:
      return column.key;
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(
          Qt::Alignment((column.is_number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
      return {};
  }
}

ComparisonModel::Column ComparisonModel::setupColumn() const {
  Column column{QStringLiteral("setup"),
                tr("Setup"),
                tr("A candidate: where the application would run."),
                false,
                {}};
  for (const SetupReport& setup : report_->setups) {
    const QString name = text(setup.name);
    QString explanation = name;
    if (!setup.description.empty()) explanation += QLatin1Char('\n') + text(setup.description);
    for (const std::string& note : setup.notes) explanation += QStringLiteral("\n• ") + text(note);
    column.cells.push_back({name, explanation, name});
  }
  return column;
}

ComparisonModel::Column ComparisonModel::priceColumn() const {
  Column column{QStringLiteral("price"),
                tr("Price a month"),
                tr("With what is used beyond a plan's baseline."),
                true,
                {}};
  for (const SetupReport& setup : report_->setups) {
    if (!setup.price) {
      column.cells.push_back({kNothing, tr("Nobody has said its price."), {}});
      continue;
    }
    QString explanation = text(monthly(*setup.price));
    if (setup.plan && !setup.plan->as_of.empty()) {
      explanation += tr(", as of %1").arg(text(setup.plan->as_of));
    }
    column.cells.push_back({text(monthly(*setup.price)), explanation,
                            QVariant::fromValue<qlonglong>(setup.price->cents_per_month)});
  }
  return column;
}

std::vector<ComparisonModel::Column> ComparisonModel::metricColumns(const QString& command) const {
  MetricRows rows;
  for (const SetupReport& setup : report_->setups) rows.push_back(&setup.metrics);
  std::vector<Column> columns;
  std::vector<SummaryColumn> summaries = summary_columns(rows, summary_metrics(*report_));
  std::ranges::stable_sort(summaries, {}, [](const auto& each) { return place_of(each.metric); });
  for (const SummaryColumn& summary : summaries) {
    const QString definition = text(info(summary.metric).definition);
    Column column{text(info(summary.metric).key), headed(summary), definition, true, {}};
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const MetricValue& value = at(*rows[row], summary.metric);
      const QString explanation = definition + QLatin1Char('\n') +
                                  explained(value, summary.metric, report_->provenance.confidence) +
                                  QLatin1Char('\n') + command;
      const auto& cell = summary.cells[row];
      const bool grows =
          summary.metric == Metric::latency_p95 && !report_->setups[row].stability.stable;
      column.cells.push_back({cell    ? shown(*cell)
                              : grows ? tr("queue grows")
                                      : kNothing,
                              explanation, value.value ? QVariant(*value.value) : QVariant()});
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<ComparisonModel::Column> ComparisonModel::differenceColumns() const {
  const std::vector<SummaryColumn> differences = difference_columns(*report_);
  const auto p95 = std::ranges::find(differences, Metric::latency_p95, &SummaryColumn::metric);
  if (p95 == differences.end()) return {};
  const QString definition =
      tr("Its p95 minus that of %1, replication by replication.").arg(text(report_->baseline));
  Column column{QStringLiteral("difference"), tr("Δ ") + headed(*p95), definition, true, {}};
  for (std::size_t row = 0; row < report_->setups.size(); ++row) {
    const auto& cell = p95->cells[row];
    const auto& of_setup = report_->setups[row].differences;
    const auto place = static_cast<std::size_t>(p95 - differences.begin());
    const QVariant sort = cell ? QVariant(*of_setup[place].value.value) : QVariant();
    const bool is_baseline = report_->setups[row].name == report_->baseline;
    column.cells.push_back({cell          ? shown(*cell)
                            : is_baseline ? tr("baseline")
                                          : kNothing,
                            definition, sort});
  }
  return {column};
}

ComparisonModel::Column ComparisonModel::verdictColumn() const {
  Column column{QStringLiteral("verdict"),
                tr("Verdict"),
                tr("Whether all objectives are met, as far as can be told."),
                false,
                {}};
  for (const SetupReport& setup : report_->setups) {
    QString explanation;
    for (const ObjectiveReport& objective : setup.objectives) {
      explanation += text(words(objective.verdict).mark) + QLatin1Char(' ') + text(objective.text) +
                     QStringLiteral(": ") + text(objective.reason) + QLatin1Char('\n');
    }
    for (const std::string& reason : setup.cannot_run)
      explanation += text(reason) + QLatin1Char('\n');
    column.cells.push_back(
        {text(verdict_text(setup)), explanation.trimmed(), static_cast<int>(verdict_of(setup))});
  }
  column.is_verdict = true;
  for (const std::size_t cheapest : cheapest_that_meet(*report_)) {
    column.cells[cheapest].text += tr(", cheapest");
  }
  return column;
}

}  // namespace cotenant::gui
