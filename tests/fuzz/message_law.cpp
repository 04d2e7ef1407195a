// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/message_law.h"

#include "scenarios/syntax_error.h"

namespace cotenant::test {

std::string broken_message_law(const Diagnostics& diagnostics) {
  const std::string messages = render(diagnostics, "fuzz");
  if (messages.empty()) return "refused without a reason";
  if (find_bad_byte(messages)) return "a message is not UTF-8";
  if (messages.find('\x1b') != std::string::npos) return "a message controls the terminal";
  return "";
}

}  // namespace cotenant::test
