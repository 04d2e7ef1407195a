// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that one can do in the window, in its menus and with its keys.
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProgressBar>
#include <QSaveFile>
#include <QSettings>
#include <QToolBar>
#include <functional>

#include "gui/app/main_window.h"
#include "gui/app/plan_dialog.h"
#include "gui/editor/editor_panel.h"
#include "gui/items/texts.h"
#include "gui/views/breakdown_panel.h"
#include "gui/views/comparison_view.h"
#include "gui/views/cost_chart.h"
#include "gui/views/percentile_chart.h"
#include "study/writers/write_csv.h"

namespace cotenant::gui {
namespace {

const QString kShadeKey = QStringLiteral("look/shade");

QAction* add(QMenu& menu, const QString& text, const QKeySequence& keys,
             const std::function<void()>& act) {
  QAction* const action = menu.addAction(text);
  action->setShortcut(keys);
  QObject::connect(action, &QAction::triggered, &menu, act);
  return action;
}

// All or nothing; a sentence when it fails.
void write(QWidget* window, const QString& path, const QByteArray& content) {
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.commit()) {
    return;
  }
  QMessageBox::critical(window, MainWindow::tr("Export"),
                        MainWindow::tr("%1 cannot be written: %2. Choose another folder, or make "
                                       "room there.")
                            .arg(path, file.errorString()));
}

}  // namespace

void MainWindow::makeActions() {
  makeFileActions();
  makeEditActions();
  makeRunActions();
  makeViewActions();
}

void MainWindow::makeFileActions() {
  QMenu& menu = *menuBar()->addMenu(tr("&File"));
  add(menu, tr("&Open…"), QKeySequence::Open, [this] { files_.open(); });
  add(menu, tr("&Import logs and settings…"), QKeySequence(tr("Ctrl+I")),
      [this] { importing_->choose(); });
  add(menu, tr("&Save"), QKeySequence::Save, [this] { files_.save(); });
  add(menu, tr("Save &as…"), QKeySequence::SaveAs, [this] { files_.saveAs(); });
  menu.addSeparator();
  add(menu, tr("&Export the table as CSV…"), QKeySequence(tr("Ctrl+E")), [this] { saveTable(); });
  add(menu, tr("Export the chart as &PNG…"), QKeySequence(tr("Ctrl+Shift+E")),
      [this] { saveChart(false); });
  add(menu, tr("Export the chart as S&VG…"), {}, [this] { saveChart(true); });
  add(menu, tr("&Copy the command that prints this"), QKeySequence(tr("Ctrl+Shift+C")),
      [this] { copyCommand(); });
  menu.addSeparator();
  add(menu, tr("&Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeEditActions() {
  QMenu& menu = *menuBar()->addMenu(tr("&Edit"));
  QAction* const undo = document_.undoStack().createUndoAction(this, tr("&Undo"));
  QAction* const redo = document_.undoStack().createRedoAction(this, tr("&Redo"));
  undo->setShortcut(QKeySequence::Undo);
  // In the menu they say what; in the toolbar they stay as wide as they are.
  undo->setIconText(tr("Undo"));
  redo->setIconText(tr("Redo"));
  redo->setShortcut(QKeySequence(tr("Ctrl+Shift+Z")));
  menu.addAction(undo);
  menu.addAction(redo);
  menu.addSeparator();
  add(menu, tr("&Add a setup on a plan…"), QKeySequence(tr("Ctrl+Shift+A")), [this] { addPlan(); });
  add(menu, tr("&Find a field"), QKeySequence::Find, [this] { editor_->findField(); });
}

void MainWindow::makeRunActions() {
  QMenu& menu = *menuBar()->addMenu(tr("&Simulation"));
  add(menu, tr("Run again with a new &seed"), QKeySequence(tr("Ctrl+R")),
      [this] { runWithNewSeed(); });
  add(menu, tr("Find the c&liff of the selected setup"), QKeySequence(tr("Ctrl+L")),
      [this] { findCliff(); });
  add(menu, tr("S&top"), QKeySequence(Qt::Key_Escape), [this] { stopAll(); });
  add(menu, tr("&Compare with the selected setup"), QKeySequence(tr("Ctrl+B")),
      [this] { useAsBaseline(); });
}

void MainWindow::makeViewActions() {
  QMenu& menu = *menuBar()->addMenu(tr("&View"));
  int number = 1;
  for (QDockWidget* const dock : docks_) {
    // The tenth key of the row is the 0.
    const auto keys = QKeySequence(QStringLiteral("Alt+%1").arg(number++ % 10));
    add(menu, dock->windowTitle(), keys, [dock] {
      dock->show();
      dock->raise();
      dock->widget()->setFocus();
    });
  }
  add(menu, tr("&Columns of the table…"), {}, [this] {
    comparison_->showColumnMenu(comparison_->mapToGlobal(QPoint(4 * kGrid, 4 * kGrid)));
  });
  add(menu, tr("&Reset the layout"), {}, [this] { resetLayout(); });
  menu.addSeparator();
  auto* const shades = new QActionGroup(this);
  const QString chosen = QSettings().value(kShadeKey, QStringLiteral("system")).toString();
  for (const auto& [name, key] : {std::pair{tr("As the &desktop"), QStringLiteral("system")},
                                  std::pair{tr("&Light"), QStringLiteral("light")},
                                  std::pair{tr("Da&rk"), QStringLiteral("dark")}}) {
    QAction* const action = add(menu, name, {}, [this, key = key] { chooseShade(key); });
    action->setCheckable(true);
    action->setChecked(key == chosen);
    shades->addAction(action);
  }
  chooseShade(chosen);
}

void MainWindow::makeToolBar() {
  QToolBar* const bar = addToolBar(tr("Tools"));
  bar->setObjectName(QStringLiteral("tools"));
  bar->setMovable(false);
  // Undo, redo, and to add a plan.
  for (QAction* const action : menuBar()->actions().at(1)->menu()->actions().mid(0, 4)) {
    bar->addAction(action);
  }
  auto* const space = new QWidget;
  space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(space);
  bar->addWidget(stage_);
  progressing_ = bar->addWidget(progress_);
}

void MainWindow::chooseShade(const QString& choice) {
  QSettings().setValue(kShadeKey, choice);
  setShade(choice == QStringLiteral("dark")    ? Shade::dark
           : choice == QStringLiteral("light") ? Shade::light
                                               : systemShade());
}

void MainWindow::addPlan() {
  PlanDialog dialog(this);
  if (dialog.exec() == QDialog::Accepted) addSetup(document_, dialog.chosen());
}

void MainWindow::runWithNewSeed() {
  const std::uint64_t last = session_.report() ? session_.report()->provenance.seed : 0;
  seed_ = last + 1;
  ask();
}

void MainWindow::useAsBaseline() {
  baseline_ = selected_;
  ask();
}

// The one that has the keyboard, or else the first that is seen.
Chart* MainWindow::currentChart() const {
  for (Chart* const chart : charts_) {
    if (chart->hasFocus()) return chart;
  }
  for (Chart* const chart : charts_) {
    if (!chart->viewport()->visibleRegion().isEmpty()) return chart;  // it covers the chart itself
  }
  return nullptr;
}

void MainWindow::saveChart(bool drawing) {
  Chart* const chart = currentChart();
  if (chart == nullptr) return;
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Export the chart"), QString(),
                                   drawing ? tr("Drawings (*.svg)") : tr("Pictures (*.png)"));
  if (path.isEmpty()) return;
  try {
    drawing ? chart->saveSvg(path) : chart->savePng(path);
  } catch (const std::exception& error) {
    QMessageBox::critical(this, tr("Export"), QString::fromStdString(error.what()));
  }
}

void MainWindow::saveTable() {
  if (!session_.report()) return;
  const QString path =
      QFileDialog::getSaveFileName(this, tr("Export the table"), QString(), tr("Tables (*.csv)"));
  if (!path.isEmpty()) write(this, path, QByteArray::fromStdString(write_csv(*session_.report())));
}

void MainWindow::copyCommand() {
  if (!session_.report()) return;
  QApplication::clipboard()->setText(
      text(command_of(session_.reportedQuestion(), utf8(document_.path()))));
}

}  // namespace cotenant::gui
