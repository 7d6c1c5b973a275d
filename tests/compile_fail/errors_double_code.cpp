// refused: every code once
// A dialect's error table that names a code twice does not compile.
#include "dialects/dialect.hpp"

using namespace disburse;

struct Row {
  core::Code code;
};

#define X(code, kind, text) Row{core::Code::code},
#ifdef CONTROL
constexpr Row kRows[] = {DISBURSE_ERRORS(X)};
#else
constexpr Row kRows[] = {DISBURSE_ERRORS(X){core::Code::link_not_found}};
#endif
#undef X

static_assert(dialects::covers(kRows), "every code once");
