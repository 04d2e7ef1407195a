// SPDX-License-Identifier: GPL-3.0-or-later
//
// How quickly the window answers, and whether it ever stands still: from a move of the load slider
// to the first picture, to one with intervals and how wide they are, to the last one, and the
// longest gap of the event loop meanwhile; how fast a long timeline pans, and how long a report of
// a thousand setups takes to show. Wall time, on an idle machine; `./dev bench gui`. "busy" is the
// CPU time of the event that took the window longest: of a gap that is much longer the rest was
// somebody else's. With --slow each event that took more than 15 ms of CPU time is named.
#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <ctime>
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

constexpr double kSlowMs = 15;

double thread_cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * kMs;
}

// Knows how much CPU time its events take. What an event causes at once is part of it.
class MeasuredApplication : public QApplication {
 public:
  using QApplication::QApplication;

  bool notify(QObject* receiver, QEvent* event) override {
    if (depth_ > 0) return QApplication::notify(receiver, event);
    const QByteArray name = receiver->metaObject()->className();
    const QEvent::Type type = event->type();
    const double before = thread_cpu_ms();
    ++depth_;
    const bool handled = QApplication::notify(receiver, event);
    --depth_;
    const double taken = thread_cpu_ms() - before;
    longest_ms = std::max(longest_ms, taken);
    if (is_verbose && taken > kSlowMs) {
      std::printf("  %6.1f ms: event %d of %s\n", taken, static_cast<int>(type), name.constData());
    }
    return handled;
  }

  double longest_ms = 0;
  bool is_verbose = false;

 private:
  int depth_ = 0;
};

MeasuredApplication& application() { return *static_cast<MeasuredApplication*>(qApp); }

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

void wait_for(Session& session, Session::Stage stage) {
  while (session.stage() < stage) QApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

// The widest of the intervals of p95, as a part of the value.
double widest_interval(const Report& report) {
  double widest = 0;
  for (const SetupReport& setup : report.setups) {
    const MetricValue& p95 = at(setup.metrics, Metric::latency_p95);
    if (!setup.stability.stable || !p95.value || !p95.low || !p95.high) continue;
    widest = std::max(widest, (*p95.high - *p95.low) / 2 / *p95.value);
  }
  return widest;
}

// As a hand does it; the answer is to a newer question than before.
void move_slider(MainWindow& window, QSlider* slider, bool up) {
  const int key = up ? Qt::Key_Right : Qt::Key_Left;
  QApplication::postEvent(slider, new QKeyEvent(QEvent::KeyPress, key, Qt::NoModifier));
  while (window.session().stage() != Session::Stage::waiting) QApplication::processEvents();
}

void measure_scenario(const QString& file) {
  MainWindow window;
  window.show();
  if (!window.open(file)) return;
  wait_for(window.session(), Session::Stage::done);
  std::vector<double> first, refined, last, gaps, widths;
  application().longest_ms = 0;
  for (int move = 0; move < kMoves; ++move) {
    QSlider* const slider = load_slider(window);
    if (slider == nullptr) return;
    GapMeter gap;
    QElapsedTimer since;
    since.start();
    move_slider(window, slider, move % 2 == 0);
    wait_for(window.session(), Session::Stage::coarse);
    first.push_back(static_cast<double>(since.nsecsElapsed()) * kMs);
    wait_for(window.session(), Session::Stage::sharpening);
    refined.push_back(static_cast<double>(since.nsecsElapsed()) * kMs);
    widths.push_back(100 * widest_interval(*window.session().report()));
    wait_for(window.session(), Session::Stage::done);
    last.push_back(static_cast<double>(since.nsecsElapsed()) * kMs);
    gaps.push_back(gap.longest_ms());
  }
  std::printf("%-28s %10.0f %10.0f %10.0f %10.0f %10.0f %10.0f\n",
              qPrintable(file.section(QLatin1Char('/'), -1)), median(first), median(refined),
              median(widths), median(last), *std::max_element(gaps.begin(), gaps.end()),
              application().longest_ms);
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
  std::printf("%-28s %10s %10s %10s %10s %10s %10s\n", "scenario, ms", "first", "refined", "+-%",
              "last", "gap", "busy");
  for (const QString& file : files) measure_scenario(file);
  measure_panning();
  measure_many_setups();
}

}  // namespace
}  // namespace cotenant::gui

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  cotenant::gui::MeasuredApplication application(argc, argv);
  const QTemporaryDir settings;
  QCoreApplication::setOrganizationName(QStringLiteral("cotenant"));
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  QStringList files = QApplication::arguments().mid(1);
  application.is_verbose = files.removeAll(QStringLiteral("--slow")) > 0;
  cotenant::gui::measure(files);
  return 0;
}
