#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# A check that cannot fail checks nothing. Each test plants one fault into a small tree made for it and
# expects the check to name the file and the line; a sound tree must pass.
"""Tests of tools/layers, tools/banned, tools/tidy and tools/links."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
CPP = "// SPDX-License-Identifier: Apache-2.0\n//\n// A file comment.\n"
HEADER = CPP + "#pragma once\n"


class Check(unittest.TestCase):
    def check(self, tool, files, *arguments):
        """Runs the tool on a tree of these files; returns its exit status and what it printed."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content, encoding="utf-8")
            done = subprocess.run([sys.executable, str(TOOLS / tool), "--root", folder,
                                   *[argument.format(root=folder) for argument in arguments]],
                                  capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

    def accepts(self, tool, files):
        status, output = self.check(tool, files)
        self.assertEqual(status, 0, output)

    def rejects(self, tool, files, finding):
        status, output = self.check(tool, files)
        self.assertEqual(status, 1, output)
        self.assertIn(finding, output)


class Layers(Check):
    def test_accepts_what_points_down_and_allowed_libraries(self):
        self.accepts("layers", {
            "sim/a.h": HEADER + "#include <vector>\n",
            "models/b.cpp": CPP + '#include "sim/a.h"\n#include <fmt/format.h>\n',
            "scenarios/c.cpp": CPP + "#include <boost/graph/adjacency_list.hpp>\n#include <nlohmann/json.hpp>\n",
            "tests/d.cpp": CPP + '#include "sim/a.h"\n#include <boost/math/distributions.hpp>\n'})

    def test_rejects_an_include_that_points_up(self):
        self.rejects("layers", {"sim/a.h": HEADER + '\n#include "models/b.h"\n', "models/b.h": HEADER},
                     "sim/a.h:6: models/b.h is above")

    def test_rejects_an_upward_include_in_angle_brackets(self):
        self.rejects("layers", {"sim/a.h": HEADER + "#include <models/b.h>\n", "models/b.h": HEADER},
                     "sim/a.h:5: models/b.h is above")

    def test_rejects_a_path_that_does_not_start_at_the_root(self):
        self.rejects("layers", {"sim/a.h": HEADER, "sim/a.cpp": CPP + '#include "a.h"\n'}, "sim/a.cpp:4: a.h is not")

    def test_rejects_libraries_outside_of_their_folders(self):
        for path, include in [
                ("sim/a.cpp", "fmt/format.h"), ("models/a.cpp", "nlohmann/json.hpp"),
                ("scenarios/a.h", "boost/graph/adjacency_list.hpp"), ("study/a.cpp", "boost/math/special.hpp"),
                ("study/a.cpp", "Eigen/Dense"), ("study/a.cpp", "eigen3/Eigen/Dense"), ("study/a.cpp", "CLI/CLI.hpp"),
                ("cli/a.cpp", "gtest/gtest.h"), ("cli/a.cpp", "QString"), ("cli/a.cpp", "QtCore/QString"),
                ("tests/a.cpp", "benchmark/benchmark.h"), ("models/a.cpp", "simgrid/s4u.hpp"),
                ("models/a.cpp", "sys/mman.h"), ("study/a.cpp", "zlib.h")]:
            with self.subTest(include=include):
                self.rejects("layers", {path: CPP + f"#include <{include}>\n"}, f"{path}:4: {include} (")

    def test_rejects_a_library_that_the_table_does_not_have(self):
        self.rejects("layers", {"study/a.cpp": CPP + "#include <absl/strings/str_cat.h>\n"},
                     "study/a.cpp:4: absl/strings/str_cat.h is of no library")


class Banned(Check):
    def test_accepts_the_project_s_own_functions_of_the_same_names(self):
        self.accepts("banned", {"sim/a.cpp": CPP + "double b = cotenant::exp(1.0);\n"})

    def test_rejects_each_banned_text(self):
        for path, text in [
                ("study/a.cpp", "std::unordered_map<int, int> m;"), ("cli/a.cpp", "std::normal_distribution<> d;"),
                ("models/a.h", "std::function<void()> f;"), ("sim/a.h", "thread_local int i;"),
                ("cli/a.cpp", "using namespace std;"), ("docs/a.md", "TO" "DO: write this"),
                ("docs/a.md", "see /ro" "ot/notes")]:
            with self.subTest(text=text):
                self.rejects("banned", {path: CPP + text + "\n"}, f"{path}:4: ")

    def compile(self, body):
        """Checks a tree whose build directory has a library with this function in it."""
        with tempfile.TemporaryDirectory() as folder:
            source, library = pathlib.Path(folder, "a.cpp"), pathlib.Path(folder, "libcotenant_sim.a")
            source.write_text(body, encoding="utf-8")
            subprocess.run(["c++", "-c", str(source), "-o", f"{folder}/a.o"], check=True)
            subprocess.run(["ar", "rcs", str(library), f"{folder}/a.o"], check=True)
            return self.check("banned", {}, "--build", folder)

    def test_rejects_banned_symbols_in_a_library(self):
        for body, symbol in [
                ("#include <cmath>\ndouble f(double x) { return std::log(x); }\n", "log"),
                ("#include <cmath>\nfloat f(float x) { return std::exp(x); }\n", "expf"),
                ("#include <cstdlib>\nint f() { return std::rand(); }\n", "rand"),
                ("#include <random>\nunsigned f() { return std::random_device{}(); }\n", "std::random_device::"),
                ("#include <chrono>\nauto f() { return std::chrono::steady_clock::now(); }\n", "steady_clock::now()")]:
            with self.subTest(symbol=symbol):
                status, output = self.compile(body)
                self.assertEqual(status, 1, output)
                self.assertIn(symbol, output)

    def test_accepts_a_library_that_rounds_exactly(self):
        status, output = self.compile(
            "#include <cmath>\nnamespace own { double exp(double x); }\n"
            "double f(double x) { return std::sqrt(x) + std::floor(x) + std::ldexp(x, 2) + own::exp(x); }\n")
        self.assertEqual(status, 0, output)

    def test_rejects_a_build_directory_without_libraries(self):
        status, output = self.check("banned", {}, "--build", "{root}")
        self.assertEqual(status, 1, output)
        self.assertIn("has none of the libraries", output)


class Tidy(Check):
    def test_accepts_a_sound_tree(self):
        self.accepts("tidy", {"sim/a.h": HEADER, "sim/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n",
                              "gui/a.cpp": "// SPDX-License-Identifier: GPL-3.0-or-later\n", "data/a.json": "{}"})

    def test_rejects_each_fault(self):
        for path, content, finding in [
                ("sim/a.cpp", "int a;\n", "sim/a.cpp:1: expected '// SPDX"),
                ("gui/a.cpp", CPP, "gui/a.cpp:1: expected '// SPDX-License-Identifier: GPL"),
                ("tools/a", "#!/bin/sh\necho\n", "tools/a:2: expected '# SPDX"),
                ("sim/a.h", "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n", "sim/a.h:2: expected a file"),
                ("sim/a.h", CPP, "sim/a.h:1: expected #pragma once"),
                ("sim/a.cpp", CPP + "\n" * 800, "is 803 lines long"),
                ("docs/a.md", "a \n", "docs/a.md:1: white space"),
                ("docs/a.md", "a\nb", "docs/a.md:2: the last line")]:
            with self.subTest(finding=finding):
                self.rejects("tidy", {path: content}, finding)


class Links(Check):
    def test_accepts_links_that_lead_somewhere_and_skips_code(self):
        self.accepts("links", {
            "README.md": "# A b!\n[x](docs/a.md#some-page) [y](#a-b) [z](https://example.org/none)\n"
                         "`[c](none)`\n```\n[d](none)\n```\n![p](docs/p.svg \"title\")\n[r]: docs/a.md\n",
            "docs/a.md": "## Some page\n[up](../README.md)\n", "docs/p.svg": "<svg/>"})

    def test_rejects_each_dead_link(self):
        for link, reason in [("none.md", "does not exist"), ("a.md#no", "has no such heading"),
                             ("#no", "has no such heading"), ("../../etc", "leaves the project")]:
            with self.subTest(link=link):
                self.rejects("links", {"docs/a.md": f"# Yes\n\n[x]({link})\n"}, f"docs/a.md:3: {link} {reason}")


if __name__ == "__main__":
    unittest.main()
