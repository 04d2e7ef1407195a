// SPDX-License-Identifier: Apache-2.0
//
// Runs the tests of the desktop program inside an application that shows nothing.
#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "gui/look/theme.h"
#include "tests/gui/autosave_victim.h"

int main(int count, char** arguments) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  ::testing::InitGoogleTest(&count, arguments);
  const QApplication application(count, arguments);
  QStandardPaths::setTestModeEnabled(true);
  // Nobody's settings are read or changed.
  const QTemporaryDir settings;
  QCoreApplication::setOrganizationName(QStringLiteral("cotenant"));
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  if (cotenant::gui::test::isAutosaveVictim()) return cotenant::gui::test::runAutosaveVictim();
  if (cotenant::gui::test::isWindowVictim()) return cotenant::gui::test::runWindowVictim();
  cotenant::gui::setTheme(cotenant::gui::Shade::light);
  return RUN_ALL_TESTS();
}
