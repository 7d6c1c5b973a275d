// Whether two stores hold the same, as far as anybody can ask them.
//
// Threads: one.
#pragma once

#include <span>
#include <string>

#include "store/store.hpp"

namespace disburse::store {

// Empty: the same. Otherwise the first difference. `batches` are what was ever committed to either.
std::string difference(Store& expected, Store& actual, std::span<const core::Changes> batches);

}  // namespace disburse::store
