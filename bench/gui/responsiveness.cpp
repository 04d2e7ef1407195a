// SPDX-License-Identifier: GPL-3.0-or-later
//
// How quickly the window answers, and whether it ever stands still: from a move of the load slider
// to the first picture and to the last one, and the longest gap of the event loop meanwhile; how
// fast a long timeline pans, and how long a report of a thousand setups takes to show. Wall time,
// on an idle machine; `./dev bench gui`.
#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "gui/app/main_window.h"
#include "gui/views/comparison_view.h"
#include "gui/views/timeline_chart.h"
#include "sim/base/hash.h"

namespace cotenant::gui {
namespace {

constexpr int kMoves = 5;
constexpr double kMs = 1e-6;  // per nanosecond

// The longest time in which no event was handled.
class GapMeter {
 public:
  GapMeter() {
    QObject::connect(&timer_, &QTimer::timeout, [this] {
      longest_ = std::max(longest_, since_.nsecsElapsed());
      since_.start();
    });
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.start(1);
    since_.start();
  }
  void reset() {
    longest_ = 0;
    since_.start();
  }
  double longest_ms() const { return static_cast<double>(longest_) * kMs; }

 private:
  QTimer timer_;
  QElapsedTimer since_;
  qint64 longest_ = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

QSlider* load_slider(MainWindow& window) {
  for (QSlider* const slider : window.findChildren<QSlider*>()) {
    if (slider->accessibleName() == QStringLiteral("load")) return slider;
  }
  return nullptr;
}

void wait_for(Session& session, bool first) {
  while (session.stage() == Session::Stage::waiting ||
         (!first && session.stage() != Session::Stage::done)) {
    QApplication::processEvents(QEventLoop::WaitForMoreEvents);
  }
}

void measure_scenario(const QString& file) {
  MainWindow window;
  window.show();
  if (!window.open(file)) return;
  wait_for(window.session(), false);
  std::vector<double> first, last, gaps;
  for (int move = 0; move < kMoves; ++move) {
    QSlider* const slider = load_slider(window);
    if (slider == nullptr) return;
    GapMeter gap;
    QElapsedTimer since;
    since.start();
    slider->setValue(slider->value() + (move % 2 == 0 ? 1 : -1));
    wait_for(window.session(), true);
    first.push_back(static_cast<double>(since.nsecsElapsed()) * kMs);
    wait_for(window.session(), false);
    last.push_back(static_cast<double>(since.nsecsElapsed()) * kMs);
    gaps.push_back(gap.longest_ms());
  }
  std::printf("%-28s %10.0f %10.0f %10.0f\n", qPrintable(file.section(QLatin1Char('/'), -1)),
              median(first), median(last), *std::max_element(gaps.begin(), gaps.end()));
  window.document().undoStack().setClean();  // nobody is asked to save
}

void measure_panning() {
  std::vector<Point> points;
  for (std::size_t i = 0; i < 1'000'000; ++i) {
    points.push_back({static_cast<double>(i), static_cast<double>(mix64(i) % 1000)});
  }
  TimelineChart chart;
  chart.resize(1200, 200);
  chart.setRow({"noise", {{"line", TimelineLine::Tone::useful, std::move(points)}}}, {}, 1e6);
  chart.show();
  constexpr int kFrames = 60;
  QElapsedTimer since;
  since.start();
  for (int frame = 0; frame < kFrames; ++frame) {
    chart.setRange(1000.0 * frame, 1000.0 * frame + 500'000);
    chart.grab();
  }
  std::printf("\npanning 1,000,000 points: %.0f frames a second\n",
              kFrames * 1e9 / static_cast<double>(since.nsecsElapsed()));
}

void measure_many_setups() {
  Report report;
  for (int i = 0; i < 1000; ++i) {
    SetupReport setup;
    setup.name = "setup " + std::to_string(i);
    for (MetricValue& metric : setup.metrics) metric.value = 0.001 * (i + 1);
    report.setups.push_back(std::move(setup));
  }
  ComparisonView view;
  view.resize(1200, 800);
  QElapsedTimer since;
  since.start();
  view.setReport(std::make_shared<const Report>(std::move(report)), {});
  view.show();
  view.grab();
  std::printf("a table of 1,000 setups: %.0f ms\n",
              static_cast<double>(since.nsecsElapsed()) * kMs);
}

void measure(const QStringList& files) {
  std::printf("%-28s %10s %10s %10s\n", "scenario, ms", "first", "last", "gap");
  for (const QString& file : files) measure_scenario(file);
  measure_panning();
  measure_many_setups();
}

}  // namespace
}  // namespace cotenant::gui

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QApplication application(argc, argv);
  const QTemporaryDir settings;
  QCoreApplication::setOrganizationName(QStringLiteral("cotenant"));
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  cotenant::gui::measure(QApplication::arguments().mid(1));
  return 0;
}
