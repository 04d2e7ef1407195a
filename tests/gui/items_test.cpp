// SPDX-License-Identifier: Apache-2.0
//
// What the models of the window hold is what the report says.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <numeric>

#include "gui/items/breakdown.h"
#include "gui/items/comparison_model.h"
#include "gui/items/plan_model.h"
#include "gui/items/texts.h"
#include "gui/items/timeline_rows.h"
#include "study/writers/summary.h"
#include "study/writers/words.h"
#include "tests/gui/report_fixture.h"

namespace cotenant::gui {
namespace {

using test::small_report;

int column_named(const ComparisonModel& model, const QString& begin) {
  for (int column = 0; column < model.columnCount(); ++column) {
    if (model.headerData(column, Qt::Horizontal).toString().startsWith(begin)) return column;
  }
  return -1;
}

TEST(ComparisonModel, IsAProperModel) {
  ComparisonModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setReport(small_report(), QStringLiteral("shop.json"));
  EXPECT_EQ(model.rowCount(), 2);
  model.setReport(small_report(), QStringLiteral("shop.json"));
  model.setReport(nullptr, {});
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(ComparisonModel, SaysWhatTheReportSays) {
  const ReportPtr report = small_report();
  ComparisonModel model;
  model.setReport(report, QStringLiteral("shop.json"));
  MetricRows rows;
  for (const SetupReport& setup : report->setups) rows.push_back(&setup.metrics);
  for (const SummaryColumn& summary : summary_columns(rows, summary_metrics(*report))) {
    const int column = column_named(model, text(summary.heading));
    ASSERT_GE(column, 0) << summary.heading;
    for (int row = 0; row < model.rowCount(); ++row) {
      const QModelIndex index = model.index(row, column);
      const auto place = static_cast<std::size_t>(row);
      const MetricValue& value = at(report->setups[place].metrics, summary.metric);
      EXPECT_EQ(index.data(ComparisonModel::sortRole).isValid(), value.value.has_value());
      if (!value.value) continue;
      EXPECT_EQ(index.data(ComparisonModel::sortRole).toDouble(), *value.value);
      EXPECT_TRUE(index.data().toString().startsWith(text(summary.cells[place]->value)));
      EXPECT_TRUE(index.data(Qt::ToolTipRole)
                      .toString()
                      .contains(QStringLiteral("cotenant run shop.json")));
    }
  }
  for (int row = 0; row < model.rowCount(); ++row) {
    const QModelIndex cell = model.index(row, column_named(model, QStringLiteral("Verdict")));
    const QString verdict = cell.data().toString();
    EXPECT_TRUE(cell.data(ComparisonModel::verdictRole).isValid());
    EXPECT_TRUE(
        verdict.startsWith(text(verdict_text(report->setups[static_cast<std::size_t>(row)]))));
  }
}

TEST(ComparisonModel, SaysWhatAnIntervalConsistsOf) {
  const ReportPtr report = small_report();
  Report fitted = *report;
  at(fitted.setups[0].metrics, Metric::latency_p95).parts = UncertaintyParts{0.7, 0.2, 0.1};
  fitted.setups[0].notes = {"more captures would narrow it most"};
  ComparisonModel model;
  model.setReport(std::make_shared<const Report>(fitted), {});
  const int p95 = column_named(model, QStringLiteral("p95"));
  const auto tip = [&](int row, int column) {
    return model.index(row, column).data(Qt::ToolTipRole).toString();
  };
  const QString parts = QStringLiteral(
      "70 % is what is not known about the parameters, 20 % the luck of the runs, "
      "10 % what the model leaves out");
  EXPECT_TRUE(tip(0, p95).contains(parts)) << tip(0, p95).toStdString();
  EXPECT_FALSE(tip(1, p95).contains(QStringLiteral("parameters")));
  EXPECT_TRUE(tip(0, 0).contains(QStringLiteral("more captures would narrow it most")));
}

TEST(PlanModel, IsAProperModelOfTheCatalog) {
  PlanModel model(shipped_catalog(), 0);
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  EXPECT_EQ(model.rowCount(), static_cast<int>(shipped_catalog().plans.size()));
  model.setFilter(QStringLiteral("HETZNER vps"));
  ASSERT_GT(model.rowCount(), 0);
  for (int row = 0; row < model.rowCount(); ++row) {
    EXPECT_EQ(model.plan(row).kind, "vps");
    EXPECT_NE(model.plan(row).name.find("hetzner"), std::string::npos);
  }
  model.setFilter(QStringLiteral("no such words"));
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(Breakdown, AddsUpToTheLatency) {
  const ReportPtr report = small_report();
  for (const Around around : {Around::mean, Around::p50, Around::p99}) {
    const Breakdown breakdown = breakdown_of(*report, around);
    for (const Breakdown::Bar& bar : breakdown.bars) {
      EXPECT_EQ(bar.seconds.size(), breakdown.states.size() + 1);
      const double total = std::accumulate(bar.seconds.begin(), bar.seconds.end(), 0.0);
      const auto& said = part(report->setups[bar.setup].wait_states, around);
      EXPECT_NEAR(total, said->latency, 1e-9);
    }
  }
}

TEST(TimelineRows, AreThoseOfTheTimeline) {
  const ReportPtr report = small_report();
  const Timeline& timeline = *report->setups[1].timeline;
  const std::vector<TimelineRow> rows = timeline_rows(timeline);
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows[0].title, "Latency (ms)");
  std::size_t known = 0;
  for (std::size_t i = 0; i < timeline.slices(); ++i) {
    if (!timeline.requests.latency_p50[i]) continue;
    EXPECT_EQ(rows[0].lines[0].points[known].y, *timeline.requests.latency_p50[i] * 1e3);
    EXPECT_EQ(rows[0].lines[0].points[known].x, (static_cast<double>(i) + 0.5) * timeline.slice);
    ++known;
  }
  EXPECT_EQ(rows[0].lines[0].points.size(), known);
  EXPECT_TRUE(timeline_rows({}).empty());
}

}  // namespace
}  // namespace cotenant::gui
