// SPDX-License-Identifier: Apache-2.0
//
// Which software the defaults of a part of the field table are those of, and where they were read.
// A field whose default comes from somewhere else says so itself (Field::source). The values are
// the initializers of scenarios/scenario.h; `cotenant presets` shows both.
#pragma once

#include <string_view>

#include "scenarios/scenario.h"

namespace cotenant {

struct Software {
  std::string_view name;  // with its version, unless the scenario chooses that (key "version")
  std::string_view source;
};

// Specialized for every kind of server, and for what else imitates somebody's software.
template <class T>
inline constexpr Software kSoftware{};

inline constexpr std::string_view kGunicornCode = "source code of gunicorn 20.1.0 and 26.1.0";
inline constexpr std::string_view kUvicornCode = "source code of uvicorn 0.17.6 and 0.35.0";
inline constexpr std::string_view kUwsgiCode = "source code of uWSGI 2.0";
inline constexpr std::string_view kKernelDefault = "default of Linux 6.18";
inline constexpr std::string_view kNginxCode = "source code of nginx 1.22.1 and 1.31";

template <>
inline constexpr Software kSoftware<GunicornSync> = {"gunicorn", kGunicornCode};
template <>
inline constexpr Software kSoftware<GunicornGthread> = {"gunicorn", kGunicornCode};
template <>
inline constexpr Software kSoftware<GunicornGevent> = {
    "gevent 22.10 in gunicorn", "source code of gunicorn 20.1.0 and of gevent 22.10.2"};
template <>
inline constexpr Software kSoftware<Uvicorn> = {"uvicorn", kUvicornCode};
template <>
inline constexpr Software kSoftware<Hypercorn> = {"hypercorn",
                                                  "source code of hypercorn 0.13.2 and 0.18.0"};
template <>
inline constexpr Software kSoftware<GunicornUvicorn> = {
    "uvicorn 0.17 in gunicorn",
    "source code of gunicorn 20.1.0 and 26.1.0, and of uvicorn 0.17.6 and 0.35.0"};
template <>
inline constexpr Software kSoftware<Uwsgi> = {"uWSGI 2.0.21", kUwsgiCode};
template <>
inline constexpr Software kSoftware<ModWsgi> = {"mod_wsgi at revision dbaca2e",
                                                "documentation of mod_wsgi"};
template <>
inline constexpr Software kSoftware<Passenger> = {"Passenger at revision 080171e6",
                                                  "source code of Passenger"};
template <>
inline constexpr Software kSoftware<FastCgi> = {"FastCGI 1.0, of any web server",
                                                "nothing is assumed but the import"};
template <>
inline constexpr Software kSoftware<Cgi> = {"CGI 1.1, of any web server",
                                            "nothing is assumed but the import"};
template <>
inline constexpr Software kSoftware<Nginx> = {"nginx 1.22.1", kNginxCode};
template <>
inline constexpr Software kSoftware<UpstreamServer> = {"nginx 1.22.1", kNginxCode};
template <>
inline constexpr Software kSoftware<External> = {"anything", "nothing is assumed"};
template <>
inline constexpr Software kSoftware<Redis> = {"Redis 7.0", "redis.conf: well known, not verified"};
template <>
inline constexpr Software kSoftware<Postgres> = {"PostgreSQL 15", "documentation of PostgreSQL 15"};
template <>
inline constexpr Software kSoftware<Celery> = {"Celery 5", "source code of Celery 5"};
template <>
inline constexpr Software kSoftware<Poller> = {"any loop that looks for work",
                                               "nothing is assumed but the import"};
template <>
inline constexpr Software kSoftware<PgBouncer> = {"pgbouncer at revision 13a344f2",
                                                  "documentation of pgbouncer"};
template <>
inline constexpr Software kSoftware<Pool> = {"SQLAlchemy 2.0", "source code of QueuePool"};
template <>
inline constexpr Software kSoftware<KeptConnections> = {
    "requests 2.31", "source code of requests 2.31 and urllib3 1.26 (DEFAULT_POOLSIZE)"};
template <>
inline constexpr Software kSoftware<TokenBudget> = {"gRPC, proposal A6", "example in the proposal"};

template <>
inline constexpr Software kSoftware<Machine> = {"Linux 6.18", kKernelDefault};
template <>
inline constexpr Software kSoftware<Kernel> = {"Linux 6.18, as Debian builds it", kKernelDefault};

// --- Of single fields

inline constexpr std::string_view kVersionChosen = "chosen: the version that was measured";
inline constexpr std::string_view kImportMeasured =
    "measured: Flask, 135 to 166 ms from a kill to the next reply";
inline constexpr std::string_view kLockOfPython = "CPython: all builds but free-threaded ones";
inline constexpr std::string_view kSwitchIntervalOfPython = "measured: CPython 3.9 to 3.13";
inline constexpr std::string_view kThreadsOfAnyio = "source code of anyio, which runs them";
inline constexpr std::string_view kDebianConfiguration =
    "nginx.conf of Debian 12; 512 where no file says it";
inline constexpr std::string_view kNotMeasured = "not measured: nothing is assumed";
inline constexpr std::string_view kForkMeasured =
    "measured: fork of a gunicorn worker, not of Celery";
inline constexpr std::string_view kConnectMeasured =
    "measured with PostgreSQL 15.18 and SCRAM on loopback";
inline constexpr std::string_view kRecoveryMeasured =
    "2.3 to 4.5 s in eight crashes of PostgreSQL 15.18 with 150 MiB of data on a busy machine, "
    "most "
    "of it to sync these";

}  // namespace cotenant
