// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/document/text_file.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>

#include "scenarios/document.h"
#include "scenarios/syntax_error.h"

namespace cotenant::gui {

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(TextFile)
};

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

void replaceAll(std::string& text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t next = text.find(from, at);
    if (next == std::string::npos) break;
    out.append(text, at, next - at).append(to);
    at = next + from.size();
  }
  text = out.append(text, at);
}

// Every line break is one of Windows.
bool hasWindowsLines(std::string_view text) {
  std::size_t newline = text.find('\n');
  if (newline == std::string_view::npos) return false;
  for (; newline != std::string_view::npos; newline = text.find('\n', newline + 1)) {
    if (newline == 0 || text[newline - 1] != '\r') return false;
  }
  return true;
}

QString problemWith(const QString& path, const std::string& text) {
  if (find_bad_byte(text)) {
    return Words::tr(
               "%1 is not a text in UTF-8, so it is no scenario. Choose a .json file that an "
               "editor or Cotenant wrote.")
        .arg(path);
  }
  return {};
}

}  // namespace

ReadText readTextFile(const QString& path) {
  ReadText result;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    result.problem =
        Words::tr("%1 cannot be opened: %2. Check that it exists and that you may read it.")
            .arg(path, file.errorString());
    return result;
  }
  if (file.size() > static_cast<qint64>(kMaxDocumentBytes)) {
    result.problem = Words::tr(
                         "%1 is larger than 4 MiB, more than a scenario can be. Put long "
                         "recordings into csv files and refer to them.")
                         .arg(path);
    return result;
  }
  result.text = file.readAll().toStdString();
  result.form.byteOrderMark = result.text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0;
  if (result.form.byteOrderMark) result.text.erase(0, kByteOrderMark.size());
  result.problem = problemWith(path, result.text);
  result.form.windowsLines = hasWindowsLines(result.text);
  if (result.form.windowsLines) replaceAll(result.text, "\r\n", "\n");
  return result;
}

QString writeTextFile(const QString& path, std::string text, FileForm form) {
  if (form.windowsLines) replaceAll(text, "\n", "\r\n");
  if (form.byteOrderMark) text.insert(0, kByteOrderMark);
  QSaveFile file(path);
  const auto size = static_cast<qint64>(text.size());
  const bool written =
      file.open(QIODevice::WriteOnly) && file.write(text.data(), size) == size && file.commit();
  if (written) return {};
  return Words::tr(
             "%1 cannot be written: %2. Your edits are still here; save them under another name or "
             "in another folder.")
      .arg(path, file.errorString());
}

}  // namespace cotenant::gui
