// SPDX-License-Identifier: Apache-2.0
#include "validation/import/server_command.h"

#include <algorithm>
#include <array>

namespace cotenant {
namespace {

struct Flag {
  std::string_view program, name, setting;
  bool has_value = true;
  std::string_view value = {};  // of a flag without one; empty: "True"
};

// gunicorn/config.py, uvicorn/main.py, hypercorn/__main__.py and uWSGI's core/uwsgi.c.
constexpr std::array<Flag, 52> kFlags = {{
    {"gunicorn", "-w", "workers"},
    {"gunicorn", "--workers", "workers"},
    {"gunicorn", "-k", "worker_class"},
    {"gunicorn", "--worker-class", "worker_class"},
    {"gunicorn", "--threads", "threads"},
    {"gunicorn", "--worker-connections", "worker_connections"},
    {"gunicorn", "--backlog", "backlog"},
    {"gunicorn", "-t", "timeout"},
    {"gunicorn", "--timeout", "timeout"},
    {"gunicorn", "--graceful-timeout", "graceful_timeout"},
    {"gunicorn", "--keep-alive", "keepalive"},
    {"gunicorn", "--max-requests", "max_requests"},
    {"gunicorn", "--max-requests-jitter", "max_requests_jitter"},
    {"gunicorn", "--preload", "preload_app", false},
    {"gunicorn", "-b", "bind"},
    {"gunicorn", "--bind", "bind"},
    {"gunicorn", "-c", ""},
    {"gunicorn", "--config", ""},
    {"gunicorn", "--log-level", ""},
    {"gunicorn", "--access-logfile", ""},
    {"gunicorn", "--error-logfile", ""},
    {"gunicorn", "--log-file", ""},
    {"uvicorn", "--workers", "workers"},
    {"uvicorn", "--backlog", "backlog"},
    {"uvicorn", "--timeout-keep-alive", "keepalive"},
    {"uvicorn", "--limit-concurrency", "limit_concurrency"},
    {"uvicorn", "--limit-max-requests", "max_requests"},
    {"uvicorn", "--uds", "bind_unix"},
    {"uvicorn", "--host", ""},
    {"uvicorn", "--port", ""},
    {"hypercorn", "-w", "workers"},
    {"hypercorn", "--workers", "workers"},
    {"hypercorn", "--backlog", "backlog"},
    {"hypercorn", "--keep-alive", "keepalive"},
    {"hypercorn", "--graceful-timeout", "graceful_timeout"},
    {"hypercorn", "--max-requests", "max_requests"},
    {"hypercorn", "--max-requests-jitter", "max_requests_jitter"},
    {"hypercorn", "-b", "bind"},
    {"hypercorn", "--bind", "bind"},
    {"uwsgi", "-p", "workers"},
    {"uwsgi", "--processes", "workers"},
    {"uwsgi", "--workers", "workers"},
    {"uwsgi", "--threads", "threads"},
    {"uwsgi", "-l", "backlog"},
    {"uwsgi", "--listen", "backlog"},
    {"uwsgi", "--harakiri", "timeout"},
    {"uwsgi", "--max-requests", "max_requests"},
    {"uwsgi", "--thunder-lock", "thunder_lock", false},
    {"uwsgi", "--lazy-apps", "lazy_apps", false},
    {"uwsgi", "--http", ""},
    {"uwsgi", "--socket", "bind"},
    {"uwsgi", "-s", "bind"},
}};

constexpr std::array<std::string_view, 4> kPrograms = {"gunicorn", "uvicorn", "hypercorn", "uwsgi"};

// "/usr/bin/gunicorn" is gunicorn.
std::string_view base_name(std::string_view word) {
  const std::size_t slash = word.rfind('/');
  return slash == word.npos ? word : word.substr(slash + 1);
}

const Flag* find_flag(std::string_view program, std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.program == program && flag.name == name) return &flag;
  }
  return nullptr;
}

// Reads the words behind the program.
class Reader {
 public:
  Reader(const std::vector<std::string>& words, std::size_t line, ServerSettings& settings,
         FindingsOf& findings)
      : words_(words), line_(line), settings_(settings), findings_(findings) {}

  void read(std::size_t from) {
    for (at_ = from; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (word.size() > 1 && word.front() == '-') {
        read_flag(word);
      } else if (word == "&&" || word == ";" || word == "|" || word == "||") {
        return;
      }
    }
  }

 private:
  void read_flag(const std::string& word) {
    const std::size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    std::optional<std::string> value;
    if (equals != word.npos) value = word.substr(equals + 1);
    // "-w4"
    if (!value && name.size() > 2 && name[1] != '-') {
      value = name.substr(2);
      name.resize(2);
    }
    const Flag* flag = find_flag(settings_.program, name);
    if (flag == nullptr) {
      findings_.ignored(line_, word, "a flag that no simulation needs, or that is not known");
      // Its value, if it has one, is the next word, which is no flag and so is skipped.
      return;
    }
    if (!flag->has_value) return set(*flag, "True");
    if (!value) {
      if (at_ + 1 >= words_.size()) {
        findings_.ignored(line_, word, "has no value");
        return;
      }
      value = words_[++at_];
    }
    set(*flag, *value);
  }

  void set(const Flag& flag, std::string value) {
    if (flag.setting.empty()) {
      findings_.ignored(line_, std::string(flag.name), value + ": makes no difference here");
      return;
    }
    if (flag.setting == "bind" && !value.starts_with("unix:") && !value.starts_with('/')) {
      findings_.taken(line_, "bind", value + ": a TCP socket");
      return;
    }
    const std::string setting = flag.setting == "bind" ? "bind_unix" : std::string(flag.setting);
    if (value.find('$') != value.npos) {
      findings_.ignored(line_, std::string(flag.name),
                        value + ": a variable whose value is not known here");
      return;
    }
    settings_.take(setting, {std::move(value), SettingRank::command, findings_.file(), line_},
                   findings_.list());
  }

  const std::vector<std::string>& words_;
  std::size_t line_;
  ServerSettings& settings_;
  FindingsOf& findings_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> shell_words(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool any = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (c == '\\' && quote == '"' && i + 1 < command.size()) {
        word += command[++i];
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      any = true;
    } else if (c == '\\' && i + 1 < command.size()) {
      const char next = command[++i];
      if (next != '\n') word += next;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (any || !word.empty()) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else {
      word += c;
    }
  }
  if (any || !word.empty()) words.push_back(std::move(word));
  return words;
}

bool read_server_command(const std::vector<std::string>& words, std::size_t line,
                         ServerSettings& settings, FindingsOf findings) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view name = base_name(words[i]);
    const auto program = std::find(kPrograms.begin(), kPrograms.end(), name);
    if (program == kPrograms.end()) {
      // sh -c "gunicorn …"
      if (words[i].find(' ') == words[i].npos) continue;
      const std::vector<std::string> inner = shell_words(words[i]);
      if (inner.size() > 1 && read_server_command(inner, line, settings, findings)) return true;
      continue;
    }
    settings.program = *program;
    findings.taken(line, "server", settings.program);
    // WEB_CONCURRENCY=4 gunicorn …
    for (std::size_t before = 0; before < i; ++before) {
      constexpr std::string_view kWorkers = "WEB_CONCURRENCY=";
      if (!words[before].starts_with(kWorkers)) continue;
      settings.take(
          "workers",
          {words[before].substr(kWorkers.size()), SettingRank::environment, findings.file(), line},
          findings.list());
    }
    Reader(words, line, settings, findings).read(i + 1);
    return true;
  }
  return false;
}

}  // namespace cotenant
