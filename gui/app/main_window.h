// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window: left says what is assumed, the center what follows, the bottom what to doubt. It owns
// the document, the session and the views, and carries what one of them says to the others; none of
// them knows another.
#pragma once

#include <QMainWindow>
#include <memory>
#include <optional>
#include <vector>

#include "gui/app/files.h"
#include "gui/app/importing.h"
#include "gui/document/autosave.h"
#include "gui/document/document.h"
#include "gui/look/theme.h"
#include "gui/session/session.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QStackedWidget;
QT_END_NAMESPACE

namespace cotenant::gui {

class BreakdownPanel;
class Chart;
class ComparisonView;
class CostChart;
class EditorPanel;
class FindingsView;
class InspectorView;
class LoadChart;
class NotesView;
class PercentileChart;
class StartPage;
class TimelineView;
class WhatIfPanel;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  MainWindow();
  ~MainWindow() override;

  bool open(const QString& path) { return files_.open(path); }
  // As they were dropped: one file of JSON is opened, everything else imported.
  void openOrImport(const QStringList& paths);
  // Brings a view to the front by its title, such as "Timeline"; false: there is none.
  bool showView(const QString& title);
  void setShade(Shade shade);
  // Of what another program left when it died.
  void offerLeftEdits();

  Document& document() { return document_; }
  Session& session() { return session_; }
  ComparisonView& comparison() { return *comparison_; }

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void resetLayout();
  void makeViews();
  void makeDocks();
  void makeActions();
  void makeFileActions();
  void makeEditActions();
  void makeRunActions();
  void makeViewActions();
  void makeToolBar();
  void connectAll();
  QDockWidget* addDock(const QString& title, QWidget* content, Qt::DockWidgetArea area);

  void startTemplate(const QString& resource);
  void onOpened();
  void onImported(const ImportedText& text);
  void onScenarioChanged();
  void ask();
  void showReport();
  void showStage();
  void showTitle();
  void selectSetup(int setup);
  void selectAt(int setup, double percentile);
  int selectedSetup() const;  // in the report; -1: it is not there
  void turnKnobs();
  void addPlan();
  void inspectRequest();
  void findCliff();
  void stopAll();
  void chooseShade(const QString& choice);
  void runWithNewSeed();
  void useAsBaseline();
  void saveChart(bool drawing);
  void saveTable();
  void copyCommand();
  Chart* currentChart() const;
  QString reportCsv() const;

  Document document_;
  Autosave autosave_;
  Session session_;
  Files files_;
  Importing* importing_;
  std::optional<std::uint64_t> seed_;
  std::string baseline_;
  std::string selected_;  // the name of a setup
  int merge_id_ = -1;     // of the edits of a slider that is dragged

  QStackedWidget* pages_;
  StartPage* start_;
  ComparisonView* comparison_;
  PercentileChart* percentiles_;
  BreakdownPanel* breakdown_;
  CostChart* cost_;
  LoadChart* load_;
  TimelineView* timeline_;
  InspectorView* inspector_;
  NotesView* notes_;
  FindingsView* findings_;
  WhatIfPanel* what_if_;
  EditorPanel* editor_;
  QLabel* stage_;
  QProgressBar* progress_;
  QAction* progressing_;  // that shows it
  std::vector<QDockWidget*> docks_;
  std::vector<Chart*> charts_;
  QDockWidget* inspector_dock_;
  QDockWidget* load_dock_;
  QDockWidget* findings_dock_;
  bool is_inspecting_ = false;
  QByteArray first_layout_;
  QByteArray layout_;              // of the docks, while the start page hides them
  QString looking_for_;            // what takes long besides the simulation; empty: nothing
  Worker inspecting_, searching_;  // the last members: they end before the others
};

}  // namespace cotenant::gui
