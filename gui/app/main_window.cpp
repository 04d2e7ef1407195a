// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QUrl>
#include <stdexcept>
#include <utility>

#include "gui/app/start_page.h"
#include "gui/editor/editor_panel.h"
#include "gui/items/texts.h"
#include "gui/views/breakdown_panel.h"
#include "gui/views/comparison_view.h"
#include "gui/views/cost_chart.h"
#include "gui/views/findings_view.h"
#include "gui/views/inspector_view.h"
#include "gui/views/load_chart.h"
#include "gui/views/notes_view.h"
#include "gui/views/percentile_chart.h"
#include "gui/views/timeline_view.h"
#include "gui/views/what_if_panel.h"
#include "study/cliff.h"
#include "study/inspect.h"
#include "study/writers/format.h"

// Of a static library, which would leave them out otherwise. Outside of all namespaces.
static void findTemplates() { Q_INIT_RESOURCE(templates); }

namespace cotenant::gui {
namespace {

// Raised when docks come or go, so that a stored layout that no longer fits is not restored.
constexpr int kLayoutVersion = 2;
const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kLayoutKey = QStringLiteral("window/layout");
const QString kColumnsKey = QStringLiteral("table/columns");

// Runs of a search for a cliff.
constexpr std::uint64_t kTellEvery = 5;

// ", 3 of 20 runs", while there are more to come.
QString runsOf(const Progress& progress) {
  if (progress.runs_planned == 0) return {};
  return MainWindow::tr(", %1 of %2 runs")
      .arg(text(grouped(progress.runs_done)), text(grouped(progress.runs_planned)));
}

QString words(const Session& session) {
  switch (session.stage()) {
    case Session::Stage::idle:
      return {};
    case Session::Stage::waiting:
      return MainWindow::tr("simulating");
    case Session::Stage::coarse:
      return MainWindow::tr("coarse: the first events of one run");
    case Session::Stage::refining:
      return MainWindow::tr("refining") + runsOf(session.progress());
    case Session::Stage::sharpening:
      return MainWindow::tr("sharpening") + runsOf(session.progress());
    case Session::Stage::done:
      return MainWindow::tr("%1 runs of each setup, seed %2")
          .arg(text(grouped(session.report()->provenance.replications)),
               text(std::to_string(session.report()->provenance.seed)));
    case Session::Stage::stopped:
      return MainWindow::tr("stopped");
    case Session::Stage::failed:
      break;
  }
  return MainWindow::tr("failed");
}

// Empty where anything else is among them.
QStringList local_files(const QMimeData& data) {
  QStringList files;
  for (const QUrl& url : data.urls()) {
    if (!url.isLocalFile()) return {};
    files.push_back(url.toLocalFile());
  }
  return files;
}

}  // namespace

MainWindow::MainWindow()
    : autosave_(document_), files_(document_, this), importing_(new Importing(this)) {
  findTemplates();
  setDockNestingEnabled(true);
  setAcceptDrops(true);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  resize(1440, 900);
  makeViews();
  makeDocks();
  makeActions();
  makeToolBar();
  connectAll();
  first_layout_ = saveState(kLayoutVersion);
  const QSettings settings;
  restoreGeometry(settings.value(kGeometryKey).toByteArray());
  restoreState(settings.value(kLayoutKey).toByteArray(), kLayoutVersion);
  comparison_->setColumns(settings.value(kColumnsKey).toMap());
  start_->setRecent(Files::recent());
  layout_ = saveState(kLayoutVersion);
  for (QDockWidget* const dock : docks_) dock->hide();
  showStage();
  showTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeViews() {
  pages_ = new QStackedWidget(this);
  start_ = new StartPage;
  comparison_ = new ComparisonView;
  pages_->addWidget(start_);
  pages_->addWidget(comparison_);
  setCentralWidget(pages_);
  percentiles_ = new PercentileChart;
  breakdown_ = new BreakdownPanel;
  cost_ = new CostChart;
  load_ = new LoadChart;
  timeline_ = new TimelineView;
  inspector_ = new InspectorView;
  notes_ = new NotesView;
  findings_ = new FindingsView;
  what_if_ = new WhatIfPanel;
  editor_ = new EditorPanel(document_);
  charts_ = {percentiles_, &breakdown_->chart(), cost_, load_};
  stage_ = new QLabel;
  stage_->setAccessibleName(tr("State of the simulation"));
  progress_ = new QProgressBar;
  progress_->setTextVisible(false);
  progress_->setFixedWidth(16 * kGrid);
  progress_->setAccessibleName(tr("Progress"));
}

QDockWidget* MainWindow::addDock(const QString& title, QWidget* content, Qt::DockWidgetArea area) {
  auto* const dock = new QDockWidget(title, this);
  dock->setObjectName(title);  // of the stored layout
  dock->setWidget(content);
  addDockWidget(area, dock);
  docks_.push_back(dock);
  return dock;
}

void MainWindow::makeDocks() {
  QDockWidget* const scenario = addDock(tr("Scenario"), editor_, Qt::LeftDockWidgetArea);
  QDockWidget* const what_if = addDock(tr("What if"), what_if_, Qt::LeftDockWidgetArea);
  QDockWidget* const latency =
      addDock(tr("Latency by percentile"), percentiles_, Qt::BottomDockWidgetArea);
  QDockWidget* const breakdown =
      addDock(tr("Where the time goes"), breakdown_, Qt::BottomDockWidgetArea);
  QDockWidget* const timeline = addDock(tr("Timeline"), timeline_, Qt::BottomDockWidgetArea);
  inspector_dock_ = addDock(tr("Request"), inspector_, Qt::BottomDockWidgetArea);
  QDockWidget* const cost = addDock(tr("Price and p95"), cost_, Qt::BottomDockWidgetArea);
  load_dock_ = addDock(tr("Load and cliff"), load_, Qt::BottomDockWidgetArea);
  QDockWidget* const notes = addDock(tr("What to doubt"), notes_, Qt::BottomDockWidgetArea);
  findings_dock_ = addDock(tr("Import"), findings_, Qt::BottomDockWidgetArea);
  splitDockWidget(latency, breakdown, Qt::Horizontal);
  tabifyDockWidget(latency, cost);
  tabifyDockWidget(cost, load_dock_);
  tabifyDockWidget(breakdown, timeline);
  tabifyDockWidget(timeline, inspector_dock_);
  tabifyDockWidget(inspector_dock_, notes);
  tabifyDockWidget(notes, findings_dock_);
  findings_dock_->hide();  // until something is imported
  latency->raise();
  breakdown->raise();
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  resizeDocks({scenario}, {50 * kGrid}, Qt::Horizontal);
  resizeDocks({scenario, what_if}, {64 * kGrid, 36 * kGrid}, Qt::Vertical);
  resizeDocks({latency}, {58 * kGrid}, Qt::Vertical);
  resizeDocks({latency, breakdown}, {66 * kGrid, 64 * kGrid}, Qt::Horizontal);
}

void MainWindow::connectAll() {
  connect(start_, &StartPage::templateChosen, this, &MainWindow::startTemplate);
  connect(start_, &StartPage::fileChosen, this, &MainWindow::open);
  connect(start_, &StartPage::openRequested, &files_, qOverload<>(&Files::open));
  connect(start_, &StartPage::importRequested, importing_, &Importing::choose);
  connect(importing_, &Importing::imported, this, &MainWindow::onImported);
  connect(&files_, &Files::opened, this, &MainWindow::onOpened);
  connect(&files_, &Files::recentChanged, this, [this] { start_->setRecent(Files::recent()); });
  connect(&document_, &Document::scenarioChanged, this, &MainWindow::onScenarioChanged);
  connect(&document_, &Document::pathChanged, this, &MainWindow::showTitle);
  connect(&document_.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::showTitle);
  connect(&session_, &Session::reportChanged, this, &MainWindow::showReport);
  connect(&session_, &Session::stageChanged, this, &MainWindow::showStage);
  connect(&session_, &Session::progressed, this, &MainWindow::showStage);
  connect(comparison_, &ComparisonView::setupSelected, this, &MainWindow::selectSetup);
  connect(percentiles_, &PercentileChart::percentilePicked, this, &MainWindow::selectAt);
  connect(&breakdown_->chart(), &BreakdownChart::barPicked, this, [this](int setup, Around around) {
    selectAt(setup, around == Around::p99 ? 0.99 : 0.5);
  });
  connect(inspector_, &InspectorView::percentileChanged, this, &MainWindow::inspectRequest);
  connect(inspector_dock_, &QDockWidget::visibilityChanged, this, [this](bool visible) {
    if (visible) inspectRequest();
  });
  connect(what_if_, &WhatIfPanel::turned, this,
          [this](const Knob& knob, qlonglong value, bool begins) {
            if (begins) merge_id_ = Document::newMergeId();
            document_.setValue(knob.pointer, json(knob, value), merge_id_);
          });
}

void MainWindow::startTemplate(const QString& resource) {
  QFile file(resource);
  if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("no template " + utf8(resource));
  files_.openText(file.readAll().toStdString());
}

void MainWindow::onOpened() {
  seed_.reset();
  baseline_.clear();
  selected_.clear();
  findings_->setFindings({});
  if (pages_->currentWidget() == start_) {
    pages_->setCurrentWidget(comparison_);
    restoreState(std::exchange(layout_, {}), kLayoutVersion);
  }
  findings_dock_->hide();
  onScenarioChanged();
  showTitle();
}

void MainWindow::onImported(const ImportedText& text) {
  if (!files_.openNew(text.scenario)) return;
  findings_->setFindings(text.findings);
  findings_dock_->show();
  findings_dock_->raise();
}

void MainWindow::openOrImport(const QStringList& paths) {
  const bool is_scenario =
      paths.size() == 1 && paths.front().endsWith(QStringLiteral(".json"), Qt::CaseInsensitive);
  if (is_scenario) {
    open(paths.front());
  } else {
    importing_->begin(paths);
  }
}

void MainWindow::onScenarioChanged() {
  const auto& scenario = document_.scenario();
  if (!scenario) return showStage();
  const bool known = find_named(scenario->setups, selected_) != nullptr;
  if (!known && !scenario->setups.empty()) selected_ = scenario->setups.front().first;
  if (find_named(scenario->setups, baseline_) == nullptr) baseline_.clear();
  turnKnobs();
  ask();
}

void MainWindow::turnKnobs() {
  if (!document_.scenario()) return;
  what_if_->setKnobs(text(selected_), knobs_of(*document_.scenario(), selected_));
}

void MainWindow::ask() {
  if (!document_.scenario()) return;
  session_.ask({std::make_shared<const Scenario>(*document_.scenario()), document_.directory(),
                seed_, baseline_});
}

void MainWindow::showReport() {
  const ReportPtr& report = session_.report();
  comparison_->setReport(report, document_.path());
  const int setup = selectedSetup();
  percentiles_->setReport(report, setup);
  breakdown_->chart().setReport(report);
  cost_->setReport(report);
  notes_->setReport(report);
  comparison_->selectSetup(setup);
  timeline_->setReport(report, setup);
  if (session_.stage() == Session::Stage::done) inspectRequest();
}

int MainWindow::selectedSetup() const {
  const ReportPtr& report = session_.report();
  for (std::size_t i = 0; report && i < report->setups.size(); ++i) {
    if (report->setups[i].name == selected_) return static_cast<int>(i);
  }
  return -1;
}

void MainWindow::showStage() {
  const bool invalid = !document_.scenario() && !document_.text().empty();
  comparison_->setStale(session_.stage() == Session::Stage::waiting || invalid);
  stage_->setText(invalid ? tr("the scenario has problems: what is shown is of before them")
                          : words(session_));
  stage_->setToolTip(session_.stage() == Session::Stage::failed ? session_.failure() : QString());
  const bool is_looking = !session_.isBusy() && !looking_for_.isEmpty();
  if (is_looking) stage_->setText(tr("looking for %1; Esc stops").arg(looking_for_));
  progressing_->setVisible(session_.isBusy() || is_looking);
  progress_->setRange(0, is_looking ? 0 : 1000);  // nobody knows how long that takes
  if (!is_looking) progress_->setValue(static_cast<int>(session_.progress().fraction * 1000));
  if (session_.stage() == Session::Stage::failed) {
    stage_->setText(tr("failed: %1").arg(session_.failure().section(QLatin1Char('\n'), 0, 0)));
  }
}

void MainWindow::showTitle() {
  setWindowTitle(tr("%1[*] — Cotenant").arg(document_.title()));
  setWindowModified(document_.isModified());
  setWindowFilePath(document_.path());
}

void MainWindow::selectSetup(int setup) {
  const ReportPtr& report = session_.report();
  if (!report || setup < 0 || setup >= static_cast<int>(report->setups.size())) return;
  selected_ = report->setups[static_cast<std::size_t>(setup)].name;
  comparison_->selectSetup(setup);
  percentiles_->setSelected(setup);
  timeline_->setReport(report, setup);
  turnKnobs();
  inspectRequest();
}

void MainWindow::selectAt(int setup, double percentile) {
  inspector_->setPercentile(percentile);
  inspector_dock_->show();
  inspector_dock_->raise();
  selectSetup(setup);
  inspectRequest();
}

// Of what is shown now. Nothing while nobody looks.
void MainWindow::inspectRequest() {
  const int setup = selectedSetup();
  if (setup < 0 || inspector_->visibleRegion().isEmpty()) return;
  const Question question = session_.reportedQuestion();
  InspectOptions options;
  options.setup = selected_;
  options.percentiles = {inspector_->percentile()};
  options.seed = question.seed;
  options.warmup = session_.report()->provenance.warmup;
  options.jobs = study_threads();
  inspector_->setMessage(tr("Looking for the request: its run is repeated. Esc stops."));
  is_inspecting_ = true;
  findInBackground<Inspection>(
      inspecting_, this,
      [question, options](const std::atomic<bool>& stop) {
        InspectOptions stoppable = options;
        stoppable.stop = &stop;
        return inspect(*question.scenario, question.directory, stoppable);
      },
      [this](Found<Inspection> found) {
        is_inspecting_ = false;
        if (!found.value) return inspector_->setMessage(found.failure);
        inspector_->setInspection(*found.value);
      });
}

void MainWindow::findCliff() {
  const int setup = selectedSetup();
  load_dock_->show();
  load_dock_->raise();
  if (setup < 0) return;
  const Question question = session_.reportedQuestion();
  const ReportPtr report = session_.report();
  const QString name = text(selected_);
  load_->setMessage(
      tr("Looking for the cliff of %1: it is simulated at other loads. Esc stops.").arg(name));
  looking_for_ = tr("the cliff of %1").arg(name);
  showStage();
  const auto tell = [this, name](std::uint64_t runs) {
    if (looking_for_.isEmpty()) return;
    load_->setMessage(tr("Looking for the cliff of %1: %2 runs at other loads so far. Esc stops.")
                          .arg(name, text(grouped(runs))));
  };
  findInBackground<Cliff>(
      searching_, this,
      [this, question, report, setup, tell](const std::atomic<bool>& stop) {
        CliffOptions options;
        std::uint64_t runs = 0;
        options.study.progress = [&](const Progress& progress) {
          if (progress.runs_done == 0 || ++runs % kTellEvery != 0 || stop) return;
          QMetaObject::invokeMethod(
              this, [tell, runs] { tell(runs); }, Qt::QueuedConnection);
        };
        options.study.seed = question.seed;
        options.study.jobs = study_threads();
        options.study.stop = &stop;
        return find_cliff(*question.scenario, report->setups[static_cast<std::size_t>(setup)],
                          question.directory, options);
      },
      [this, name](Found<Cliff> found) {
        looking_for_.clear();
        showStage();
        if (!found.value) return load_->setMessage(found.failure);
        load_->setCliff(name, *std::move(found.value));
      });
}

void MainWindow::stopAll() {
  session_.stop();
  inspecting_.stop();
  searching_.stop();
  if (std::exchange(is_inspecting_, false)) {
    inspector_->setMessage(tr("Stopped. Choose a percentile to look for its request."));
  }
  if (looking_for_.isEmpty()) return;
  looking_for_.clear();
  load_->setMessage(tr("The search was stopped. Ctrl+L begins it again."));
  showStage();
}

bool MainWindow::showView(const QString& title) {
  for (QDockWidget* const dock : docks_) {
    if (dock->windowTitle() != title) continue;
    dock->show();
    dock->raise();
    return true;
  }
  return false;
}

void MainWindow::setShade(Shade shade) {
  setTheme(shade);
  for (Chart* const chart : charts_) chart->refresh();
  timeline_->refresh();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!files_.mayDiscard()) return event->ignore();
  QSettings settings;
  settings.setValue(kGeometryKey, saveGeometry());
  settings.setValue(kLayoutKey, layout_.isEmpty() ? saveState(kLayoutVersion) : layout_);
  settings.setValue(kColumnsKey, comparison_->columns());
  event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!local_files(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  // The program that they come from waits for the end of this, and questions may be asked.
  const QStringList files = local_files(*event->mimeData());
  QMetaObject::invokeMethod(
      this, [this, files] { openOrImport(files); }, Qt::QueuedConnection);
  event->acceptProposedAction();
}

void MainWindow::resetLayout() { restoreState(first_layout_, kLayoutVersion); }

void MainWindow::offerLeftEdits() {
  for (LeftEdits& edits : Autosave::leftEdits()) {
    const QString name = edits.path.isEmpty() ? tr("a scenario that was never saved") : edits.path;
    if (!edits.problem.isEmpty()) {
      QMessageBox::warning(this, tr("Unsaved edits"), edits.problem);
      continue;
    }
    QMessageBox box(QMessageBox::Question, tr("Unsaved edits"),
                    tr("Cotenant ended without saving %1.").arg(name), QMessageBox::NoButton, this);
    box.setInformativeText(
        tr("Its edits of %1 are still there.").arg(QLocale().toString(edits.when)));
    QPushButton* const restore = box.addButton(tr("Restore them"), QMessageBox::AcceptRole);
    QPushButton* const drop = box.addButton(tr("Delete them"), QMessageBox::DestructiveRole);
    box.addButton(tr("Decide later"), QMessageBox::RejectRole);
    box.exec();
    if (box.clickedButton() == drop) Autosave::forget(edits);
    if (box.clickedButton() != restore) continue;
    document_.recover(edits.text, edits.path);
    autosave_.flush();
    Autosave::forget(edits);
    return onOpened();
  }
}

}  // namespace cotenant::gui
