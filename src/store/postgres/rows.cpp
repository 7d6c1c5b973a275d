// The rows of store/rows.hpp, made for PostgreSQL.
#include "store/rows.hpp"

#include "store/postgres/answer.hpp"
#include "store/postgres/arrays.hpp"
#include "store/rows_money.hpp"
#include "store/rows_sealed.hpp"

namespace disburse::store {

DISBURSE_BIND_ROWS(postgres::Arrays)
DISBURSE_READ_ROWS(postgres::Answer)

}  // namespace disburse::store
