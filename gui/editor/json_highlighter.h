// SPDX-License-Identifier: GPL-3.0-or-later
//
// Colors of JSON in the raw view: keys, texts, numbers and words. Line by line, since no JSON text
// spans lines.
#pragma once

#include <QSyntaxHighlighter>

namespace cotenant::gui {

class JsonHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override;

 private:
  int highlightText(const QString& text, int begin);
  int highlightWord(const QString& text, int begin);
};

}  // namespace cotenant::gui
