// The sandbox's merchants: made with money and credentials, and written down in sandbox.json.
// Threads: any but the engine's.
#pragma once

#include <string>
#include <string_view>

#include "core/merchant.hpp"
#include "core/public_id.hpp"
#include "engine/door.hpp"
#include "sys/files.hpp"
#include "sys/random.hpp"

namespace disburse::sandbox {

inline constexpr std::string_view kFirstMerchant = "Acme Refunds";
inline constexpr std::int64_t kOpeningPaise = 1'00'00'000'00;  // one crore rupees

// Makes the merchant, funds it and issues every dialect's credentials; answers the JSON of
// sandbox.json.
core::Result<std::string> make_account(engine::Door& engine, sys::Random& random,
                                       const core::PublicIds& ids, std::string_view name,
                                       std::string_view base_url);

struct Account {
  std::string text;  // of sandbox.json
  core::MerchantId merchant;
};

// At the first start makes the first merchant and writes sandbox.json, readable by its owner alone.
// A later start keeps it and only brings its base_url up to date. A first start that was killed
// half-way leaves a merchant whose secrets nobody was told: the next makes another.
core::Result<Account> prepare(engine::Door& engine, sys::Random& random, const core::PublicIds& ids,
                              sys::Files& files, const sys::Path& folder,
                              std::string_view base_url);

}  // namespace disburse::sandbox
