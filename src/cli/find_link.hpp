// Finds a link by whatever an operator has in hand: a public id in any provider's shape, a claim
// code, a pasted URL, or a reference.
#pragma once

#include <string_view>

#include "core/command.hpp"
#include "core/public_id.hpp"
#include "store/store.hpp"

namespace disburse::cli {

// link_not_found when nothing fits.
core::Result<core::LinkView> find_link(store::Reader& reader, const core::PublicIds& ids,
                                       std::string_view text);

}  // namespace disburse::cli
