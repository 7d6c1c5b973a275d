// Where a recipient wants the money: what they typed, checked. The API and the page use the same
// checks.
//
// Threads: pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/error.hpp"

namespace disburse::dialects::house {

// As it was typed. Views into the request.
struct TypedDetails {
  std::string_view method;  // "bank", "upi"
  std::string_view name;
  std::string_view account_number;
  std::string_view account_number_again;
  std::string_view ifsc;
  std::string_view vpa;
};

// Fills the details of `out` with what was typed, and names everything that is wrong with it;
// nothing: all is good. An error's field is the name of the member of TypedDetails.
std::vector<core::Error> read_details(const TypedDetails& typed, core::SubmitClaim& out);

}  // namespace disburse::dialects::house
