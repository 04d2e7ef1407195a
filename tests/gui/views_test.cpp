// SPDX-License-Identifier: Apache-2.0
//
// Each view shows the numbers of the report, all of them and no others.
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QTemporaryDir>

#include "gui/items/breakdown.h"
#include "gui/items/texts.h"
#include "gui/items/timeline_rows.h"
#include "gui/views/breakdown_chart.h"
#include "gui/views/comparison_view.h"
#include "gui/views/cost_chart.h"
#include "gui/views/inspector_view.h"
#include "gui/views/load_chart.h"
#include "gui/views/notes_view.h"
#include "gui/views/percentile_chart.h"
#include "gui/views/timeline_chart.h"
#include "gui/views/timeline_view.h"
#include "study/writers/format.h"
#include "study/writers/words.h"
#include "tests/gui/report_fixture.h"

namespace cotenant::gui {
namespace {

using Row = std::vector<QString>;

Row row(const std::string& first, const std::string& second, const std::string& third) {
  return {text(first), text(second), text(third)};
}

TEST(PercentileView, HasEachPointOfEachSetup) {
  const ReportPtr report = test::small_report();
  PercentileChart chart;
  chart.setReport(report, 0);
  Chart::Rows expected = {chart.rows().front()};
  for (const SetupReport& setup : report->setups) {
    for (const auto& [probability, latency] : setup.latency_cdf) {
      expected.push_back(row(setup.name, shortest(probability * 100), shortest(latency * 1e3)));
    }
  }
  EXPECT_GT(expected.size(), 20u);
  EXPECT_EQ(chart.rows(), expected);
}

// The quota of "pod" is less than its work.
TEST(PercentileView, HasNoneOfASetupWhoseQueueGrows) {
  const ReportPtr report = test::small_report();
  ASSERT_FALSE(report->setups[1].stability.stable);
  PercentileChart chart;
  chart.setReport(report, 0);
  for (const Row& shown : chart.rows()) EXPECT_NE(shown[0], QStringLiteral("pod"));
}

TEST(BreakdownView, HasEachPartOfEachBar) {
  const ReportPtr report = test::small_report();
  BreakdownChart chart;
  for (const Around around : {Around::mean, Around::p50, Around::p99}) {
    chart.setReport(report);
    chart.setAround(around);
    const Breakdown breakdown = breakdown_of(*report, around);
    std::size_t next = 1;
    for (const Breakdown::Bar& bar : breakdown.bars) {
      for (std::size_t i = 0; i < bar.seconds.size(); ++i, ++next) {
        ASSERT_LT(next, chart.rows().size());
        const std::string state = i < breakdown.states.size()
                                      ? std::string(words(breakdown.states[i]).label)
                                      : "all else";
        EXPECT_EQ(chart.rows()[next],
                  row(report->setups[bar.setup].name, state, shortest(bar.seconds[i] * 1e3)));
      }
    }
    EXPECT_EQ(next, chart.rows().size());
  }
  EXPECT_EQ(breakdown_of(*report, Around::p99).growing, std::vector<std::size_t>{1});
}

TEST(CostView, HasPriceAndP95OfEachSetupThatHasBoth) {
  const ReportPtr report = test::small_report();
  CostChart chart;
  chart.setReport(report);
  Chart::Rows expected = {chart.rows().front()};
  for (const SetupReport& setup : report->setups) {
    if (!setup.stability.stable) continue;
    const double price = static_cast<double>(setup.price->cents_per_month) / 100;
    const double p95 = *at(setup.metrics, Metric::latency_p95).value * 1e3;
    expected.push_back(row(setup.name, shortest(price), shortest(p95)));
  }
  EXPECT_EQ(chart.rows(), expected);
  EXPECT_EQ(expected.size(), 2u);
}

TEST(TimelineView, HasEachPointOfEachLine) {
  const ReportPtr report = test::small_report();
  TimelineView view;
  view.resize(900, 900);
  view.show();
  view.setReport(report, 1);
  const std::vector<TimelineRow> rows = timeline_rows(*report->setups[1].timeline);
  ASSERT_EQ(view.charts().size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Chart::Rows expected = {view.charts()[i]->rows().front()};
    for (const TimelineLine& line : rows[i].lines) {
      for (const Point& point : line.points) {
        expected.push_back(row(shortest(point.x), line.name, shortest(point.y)));
      }
    }
    EXPECT_EQ(view.charts()[i]->rows(), expected) << rows[i].title;
  }
}

TEST(LoadView, HasEachLoadThatWasTried) {
  Cliff cliff;
  for (const double factor : {1.0, 2.0, 4.0}) {
    LoadPoint point;
    point.factor = factor;
    point.verdict = factor < 4 ? Verdict::met : Verdict::missed;
    at(point.setup.metrics, Metric::latency_p95).value = 0.1 * factor;
    cliff.points.push_back(point);
  }
  at(cliff.points.back().setup.metrics, Metric::latency_p95) = {};  // its queue grows
  cliff.holds = 1;
  cliff.breaks = 2;
  LoadChart chart;
  chart.setCliff(QStringLiteral("vps"), cliff);
  const std::string met(words(Verdict::met).word), missed(words(Verdict::missed).word);
  const Chart::Rows expected = {chart.rows().front(), row("1", "100", met), row("2", "200", met),
                                row("4", "", missed)};
  EXPECT_EQ(chart.rows(), expected);
}

TEST(RequestView, SaysWhatTheInspectionSays) {
  InspectOptions options;
  options.setup = "vps";
  options.percentiles = {0.99};
  options.warmup = 2;
  const Inspection found = inspect(test::small_shop(), ".", options).value();
  ASSERT_EQ(found.traces.size(), 1u);
  const TracedRequest& request = found.traces.front();
  InspectorView view;
  view.setInspection(found);
  QString said;
  for (const QLabel* const label : view.findChildren<QLabel*>()) said += label->text() + u'\n';
  EXPECT_TRUE(said.contains(text(significant(request.latency * 1e3) + " ms"))) << utf8(said);
  for (const TraceShare& share : request.shares) {
    if (share.seconds < 0.01 * request.latency) continue;
    EXPECT_TRUE(said.contains(text(words(share.state).phrase))) << utf8(said);
    EXPECT_TRUE(said.contains(text(significant(share.seconds / request.latency * 100) + " %")));
  }
}

TEST(NotesView, HasEachNote) {
  Report report = *test::small_report();
  report.notes = {"one"};
  for (SetupReport& setup : report.setups) setup.notes.clear();
  report.setups[1].notes = {"two"};
  NotesView view;
  view.setReport(std::make_shared<const Report>(report));
  ASSERT_EQ(view.model()->rowCount(), 2);
  EXPECT_EQ(view.model()->index(0, 0).data().toString(), QStringLiteral("one"));
  EXPECT_EQ(view.model()->index(1, 0).data().toString(), QStringLiteral("pod: two"));
}

TEST(TableView, SaysThatAQueueGrowsAndKeepsItsColumns) {
  ComparisonView view;
  view.setReport(test::small_report(), QStringLiteral("shop.json"));
  bool says = false;
  for (int column = 0; column < view.model()->columnCount(); ++column) {
    says = says || view.model()->index(1, column).data() == QStringLiteral("queue grows");
  }
  EXPECT_TRUE(says);
  view.setColumnHiddenByUser(QStringLiteral("latency_mean"), true);
  view.setColumnWidth(0, 321);
  ComparisonView other;
  other.setColumns(view.columns());
  other.setReport(test::small_report(), QStringLiteral("shop.json"));
  EXPECT_EQ(other.columnWidth(0), 321);
  for (int column = 0; column < other.model()->columnCount(); ++column) {
    const QVariant key =
        other.model()->headerData(column, Qt::Horizontal, ComparisonModel::keyRole);
    EXPECT_EQ(other.isColumnHidden(column), key == QStringLiteral("latency_mean"));
  }
}

TEST(Export, OfAChartThatNobodySawHasASizeOfItsOwn) {
  const QTemporaryDir folder;
  const QString png = folder.filePath(QStringLiteral("chart.png"));
  const QString svg = folder.filePath(QStringLiteral("chart.svg"));
  PercentileChart chart;
  chart.setReport(test::small_report(), 0);
  chart.savePng(png, 2);
  chart.saveSvg(svg);
  const QImage picture(png);
  EXPECT_EQ(picture.size(), QSize(1600, 896));
  // Something is drawn at the far end of the plot, not only in a corner.
  const QColor ground = picture.pixelColor(0, 0);
  bool drawn = false;
  for (int y = 0; y < picture.height(); ++y) drawn = drawn || picture.pixelColor(1300, y) != ground;
  EXPECT_TRUE(drawn);
  QFile file(svg);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_TRUE(file.readAll().contains("viewBox=\"0 0 800 448\""));
  EXPECT_THROW(chart.savePng(QStringLiteral("/proc/nowhere/chart.png")), std::runtime_error);
}

}  // namespace
}  // namespace cotenant::gui
