// SPDX-License-Identifier: Apache-2.0
#include "validation/import/importer.h"

#include <utility>

#include "validation/import/gunicorn_settings.h"
#include "validation/import/log_report.h"
#include "validation/import/procfile.h"

namespace cotenant {
namespace {

// cpu_count() where nobody says how many there are: the smallest machine that is sold as more than
// one core.
constexpr std::int64_t kAssumedCores = 2;

Diagnostics problem(std::string message, std::string expected = {}) {
  Diagnostics diagnostics;
  diagnostics.add({"", 0, 0, std::move(message), std::move(expected), ""});
  return diagnostics;
}

Diagnostics add_services(Checked<std::vector<DeployedService>> read, Imported& imported) {
  if (!read.ok()) return read.diagnostics();
  for (DeployedService& service : std::move(read).value()) {
    imported.services.push_back(std::move(service));
  }
  return {};
}

}  // namespace

Imported::Imported(const ImportOptions& options) : logs(options.rules) {
  world.cores = options.cores.value_or(kAssumedCores);
}

Diagnostics import_settings(std::string_view text, const std::string& file, Imported& imported) {
  const InputKind kind = detect_settings(text);
  if (kind != InputKind::unknown) imported.files.push_back({file, kind, std::nullopt});
  FindingsOf findings(imported.findings, file);
  switch (kind) {
    case InputKind::gunicorn:
      read_gunicorn_settings(text, imported.world, imported.settings, findings);
      return {};
    case InputKind::procfile:
      read_procfile(text, imported.settings, findings);
      return {};
    case InputKind::compose:
      return add_services(read_compose(text, findings), imported);
    case InputKind::kubernetes:
      return add_services(read_kubernetes(text, findings), imported);
    case InputKind::access_log:
    case InputKind::unknown:
      break;
  }
  return problem("is nothing that can be imported",
                 "an access log of nginx, Apache or gunicorn (with --log-format where its format "
                 "is not a usual one), gunicorn.conf.py, a Procfile, docker-compose.yml or a "
                 "manifest of Kubernetes");
}

Diagnostics import_file(const std::string& file, const ImportOptions& options, Imported& imported) {
  LogBytes bytes(file, options.stop);
  const std::string_view head = bytes.head();
  if (head.empty()) return problem("is empty", "a log or a file of settings with something in it");
  // Zstandard frames begin so (RFC 8878).
  if (head.starts_with("\x28\xb5\x2f\xfd")) {
    return problem("is compressed with zstd, which is not read here: use zstd -dc and a pipe");
  }
  // A format that was given is for logs; other files may be read in the same command.
  const InputKind kind = detect_settings(head);
  std::optional<AccessLogFormat> format = detect_access_log(head);
  if (options.log_format && (format || kind == InputKind::unknown)) format = options.log_format;
  if (!format) {
    if (head.size() > kMostSettings) {
      return problem("is too large for a file of settings, and no line of it is one of a log",
                     "an access log; where its format is not a usual one, --log-format says it");
    }
    return import_settings(head, file, imported);
  }
  imported.files.push_back({file, InputKind::access_log, format});
  imported.logs.read(bytes, file, *format);
  const LogFacts& facts = imported.logs.files().back();
  say_log(facts, FindingsOf(imported.findings, file));
  if (facts.rows > 0) return {};
  return problem(facts.rejected > 0 ? "has no line in the format " + format->name + ": line " +
                                          std::to_string(facts.first_rejected.front().line) + " " +
                                          facts.first_rejected.front().why
                                    : "has no request to the application",
                 "an access log with requests in one format");
}

}  // namespace cotenant
