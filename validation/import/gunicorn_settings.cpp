// SPDX-License-Identifier: Apache-2.0
#include "validation/import/gunicorn_settings.h"

#include <algorithm>
#include <string>

namespace cotenant {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// What is open at the end of a line: brackets, or a text in three quotes.
struct Open {
  int brackets = 0;
  std::string quotes;
  bool any() const { return brackets > 0 || !quotes.empty(); }
};

// The line without its comment; counts what it opens and closes.
std::string_view without_comment(std::string_view line, Open& open) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!open.quotes.empty()) {
      if (line.substr(i).starts_with(open.quotes)) {
        i += 2;
        open.quotes.clear();
      }
      continue;
    }
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if (line.substr(i).starts_with("\"\"\"") || line.substr(i).starts_with("'''")) {
      open.quotes = line.substr(i, 3);
      i += 2;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++open.brackets;
    } else if (c == ')' || c == ']' || c == '}') {
      open.brackets = std::max(open.brackets - 1, 0);
    } else if (c == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Reads statements.
class Reader {
 public:
  Reader(PythonWorld& world, ServerSettings& settings, FindingsOf& findings)
      : world_(world), settings_(settings), findings_(findings) {}

  void statement(std::size_t line, std::string_view text, bool is_indented) {
    const std::string_view code = trimmed(text);
    if (code.empty() || code.starts_with("\"\"\"") || code.starts_with("'''")) return;
    if (is_indented) return;  // belongs to the statement that was named
    if (code.starts_with("import ") || code.starts_with("from ")) return;
    const std::size_t equals = code.find('=');
    const std::string_view name = trimmed(code.substr(0, equals));
    if (equals == code.npos || !is_name(name) || code.substr(equals).starts_with("==")) {
      findings_.ignored(line, std::string(code.substr(0, code.find_first_of("(:="))),
                        "a statement that would have to be executed");
      return;
    }
    assignment(line, std::string(name), trimmed(code.substr(equals + 1)));
  }

 private:
  void assignment(std::size_t line, const std::string& name, std::string_view expression) {
    const auto value = python_value(expression, world_);
    if (value) world_.names[name] = *value;
    const bool is_used = is_setting(name) || name == "bind";
    if (!value) {
      world_.names.erase(name);
      if (!is_used) return ignore(line, name);
      findings_.ignored(line, name,
                        std::string(expression) + ": an expression that is not understood");
      return;
    }
    if (!is_used) return ignore(line, name);
    const std::string text = to_text(*value);
    if (name == "bind") return bind(line, text);
    if (world_.used_cores) {
      findings_.assumed(line, name,
                        std::string(expression) + " is " + text + " with cpu_count() " +
                            std::to_string(world_.cores) + "; --cores says another");
    }
    if (!world_.used_default_of.empty()) {
      findings_.assumed(line, name,
                        std::string(expression) + " is " + text + ", because " +
                            world_.used_default_of + " is not set here");
    }
    settings_.take(name, {text, SettingRank::file, findings_.file(), line}, findings_.list());
  }

  void bind(std::size_t line, const std::string& address) {
    if (!address.starts_with("unix:")) {
      return findings_.taken(line, "bind", address + ": a TCP socket");
    }
    settings_.take("bind_unix", {"True", SettingRank::file, findings_.file(), line},
                   findings_.list());
  }
  void ignore(std::size_t line, const std::string& name) {
    findings_.ignored(line, name, "makes no difference to a simulation");
  }

  PythonWorld& world_;
  ServerSettings& settings_;
  FindingsOf& findings_;
};

}  // namespace

void read_gunicorn_settings(std::string_view text, PythonWorld& world, ServerSettings& settings,
                            FindingsOf findings) {
  if (settings.program.empty()) settings.program = "gunicorn";
  Reader reader(world, settings, findings);
  Open open;
  std::string statement;
  std::size_t line_number = 0, first_line = 0;
  bool is_indented = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    if (statement.empty()) {
      first_line = line_number;
      is_indented = !line.empty() && is_space(line.front());
    }
    std::string_view code = without_comment(line, open);
    const bool goes_on = trimmed(code).ends_with('\\');
    if (goes_on) code = code.substr(0, code.rfind('\\'));
    statement += code;
    if (open.any() || goes_on) {
      statement += ' ';
      continue;
    }
    reader.statement(first_line, statement, is_indented);
    statement.clear();
  }
  if (!trimmed(statement).empty()) {
    findings.ignored(first_line, "the end of the file", "a bracket or a text is never closed");
  }
}

}  // namespace cotenant
