// SPDX-License-Identifier: Apache-2.0
//
// Programs that are killed, for the tests of autosave: this very executable, started with
// --autosave-victim FOLDER for a document, with --window-victim FILE for the whole window.
#pragma once

namespace cotenant::gui::test {

bool isAutosaveVictim();
// Edits, saves automatically, edits again, says "ready" and then waits to be killed.
int runAutosaveVictim();

bool isWindowVictim();
// Opens the file and sets its seed to 1, 2, 3 and so on; it says each number once that is done.
int runWindowVictim();

}  // namespace cotenant::gui::test
