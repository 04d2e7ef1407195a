// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files of the user: read whole and strictly, written so that at every instant the old or the new
// one is there.
#pragma once

#include <QString>
#include <string>

namespace cotenant::gui {

// What a file had that its text has not, to be written again.
struct FileForm {
  bool windowsLines = false;  // all end with "\r\n"
  bool byteOrderMark = false;
};

struct ReadText {
  std::string text;  // lines end with "\n"
  FileForm form;
  QString problem;  // sentences; empty when the text is there
};

ReadText readTextFile(const QString& path);

// Sentences about what went wrong; empty when all is well.
QString writeTextFile(const QString& path, std::string text, FileForm form);

}  // namespace cotenant::gui
