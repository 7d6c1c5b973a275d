// The texts of the one list of codes.
#include "core/error.hpp"

#include <array>

namespace disburse::core {
namespace {

struct Row {
  std::string_view name;
  Kind kind;
  std::string_view text;
};

constexpr std::array<Row, kCodeCount> kRows = {{
#define X(code, kind, text) Row{#code, Kind::kind, text},
    DISBURSE_ERRORS(X)
#undef X
}};

const Row& row(Code code) { return kRows.at(static_cast<std::size_t>(code)); }

}  // namespace

std::string_view name(Code code) { return row(code).name; }
std::string_view text(Code code) { return row(code).text; }
Kind kind(Code code) { return row(code).kind; }

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::bad_request:
      return "bad_request";
    case Kind::unauthorised:
      return "unauthorised";
    case Kind::forbidden:
      return "forbidden";
    case Kind::not_found:
      return "not_found";
    case Kind::conflict:
      return "conflict";
    case Kind::limited:
      return "limited";
    case Kind::unavailable:
      return "unavailable";
    case Kind::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace disburse::core
