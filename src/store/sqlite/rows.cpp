// The rows of store/rows.hpp, made for SQLite.
#include "store/rows.hpp"

#include "store/rows_money.hpp"
#include "store/rows_sealed.hpp"
#include "store/sqlite/connection.hpp"

namespace disburse::store {

DISBURSE_BIND_ROWS(Run)
DISBURSE_READ_ROWS(Run)

}  // namespace disburse::store
