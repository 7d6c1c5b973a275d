// `disburse_dump lifecycle|errors`: prints the document of that name to standard output. Status 2
// for anything else.
#include <cstdio>
#include <string>
#include <string_view>

#include "core/dump.hpp"

int main(int count, char** arguments) {
  const std::string_view what = count == 2 ? arguments[1] : "";
  std::string text;
  if (what == "lifecycle") text = disburse::core::lifecycle_document();
  if (what == "errors") text = disburse::core::errors_document();
  if (text.empty()) {
    std::fputs("usage: disburse_dump lifecycle|errors\n", stderr);
    return 2;
  }
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? 0 : 1;
}
