// SPDX-License-Identifier: Apache-2.0
//
// A program that edits a document and is killed, for the tests of autosave: this very executable,
// started with --autosave-victim FOLDER.
#pragma once

namespace cotenant::gui::test {

bool isAutosaveVictim();
// Edits, saves automatically, edits again, says "ready" and then waits to be killed.
int runAutosaveVictim();

}  // namespace cotenant::gui::test
