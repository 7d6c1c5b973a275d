// Opens the store that an option names.
#pragma once

#include <memory>
#include <string>

#include "cli/options.hpp"
#include "store/store.hpp"
#include "sys/crypto.hpp"
#include "sys/random.hpp"

namespace disburse::cli {

core::Result<std::unique_ptr<store::Store>> open_store(const Options& options,
                                                       const sys::SecretKey& master,
                                                       sys::Random& random);

}  // namespace disburse::cli
