// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/look/style_sheet.h"

#include "gui/look/theme.h"

namespace cotenant::gui {
namespace {

// %1 background, %2 panel, %3 text, %4 secondary text, %5 line, %6 accent.
constexpr const char* kSheet = R"(
QMainWindow, QDialog { background: %2; }
QMainWindow::separator { background: %5; width: 1px; height: 1px; }
QToolTip { border: 1px solid %5; padding: 6px; background: %2; color: %3; }
QDockWidget { titlebar-close-icon: none; color: %4; }
QDockWidget::title { background: %2; padding: 8px; border-bottom: 1px solid %5; }
QHeaderView::section { background: %2; color: %4; border: none; border-bottom: 1px solid %5; padding: 6px 8px; }
QTableView, QTreeView, QListView, QPlainTextEdit { background: %1; border: none; }
QTableView { gridline-color: transparent; }
QTableView::item, QTreeView::item, QListView::item { padding: 4px 8px; }
QLineEdit, QAbstractSpinBox, QComboBox { background: %1; border: 1px solid %5; border-radius: 3px; padding: 4px 6px; min-height: 20px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus { border: 1px solid %6; }
QPushButton, QToolButton { background: %1; border: 1px solid %5; border-radius: 3px; padding: 5px 12px; }
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { border-color: %6; }
QPushButton:focus, QToolButton:focus { border-color: %6; }
QPushButton:default { background: %6; border-color: %6; color: %1; }
QPushButton:disabled, QToolButton:disabled { color: %4; }
QPushButton:checked, QToolButton:checked { background: %5; }
QTabWidget::pane { border: none; border-top: 1px solid %5; }
QTabBar::tab { padding: 8px 16px; color: %4; border: none; border-bottom: 2px solid transparent; background: transparent; }
QTabBar::tab:selected { color: %3; border-bottom: 2px solid %6; }
QTabBar::tab:focus { color: %6; }
QToolBar { border: none; border-bottom: 1px solid %5; padding: 4px 8px; spacing: 8px; background: %2; }
QStatusBar { border-top: 1px solid %5; color: %4; }
QStatusBar::item { border: none; }
QSplitter::handle { background: %5; }
QScrollArea { border: none; background: transparent; }
QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: %5; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: %6; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; background: %1; border: 2px solid %6; }
QSlider::handle:horizontal:focus { background: %6; }
QScrollBar { background: transparent; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: %5; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: %4; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { border: none; border-radius: 2px; background: %5; max-height: 4px; }
QProgressBar::chunk { background: %6; border-radius: 2px; }
)";

}  // namespace

QString styleSheet(const Theme& theme) {
  return QString::fromUtf8(kSheet).arg(theme.background.name(), theme.panel.name(),
                                       theme.text.name(), theme.secondary.name(), theme.line.name(),
                                       theme.accent.name());
}

}  // namespace cotenant::gui
