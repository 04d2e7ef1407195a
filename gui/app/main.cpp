// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLabel>

#include "gui/look/theme.h"

int main(int argc, char** argv) {
  const QApplication application(argc, argv);
  cotenant::gui::setTheme(cotenant::gui::systemShade());
  QLabel label(QStringLiteral("Cotenant"));
  label.show();
  return QApplication::exec();
}
