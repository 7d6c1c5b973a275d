// The fuzz targets by name. One takes any bytes, and checks the promises of what they are given to;
// the method is in README.md.
//
// Threads: one.
#pragma once

#include <span>
#include <string_view>

namespace disburse::fuzz {

using Run = void (*)(std::string_view input);

struct Target {
  std::string_view name;  // of its folder in corpus/ too
  Run run;
  int rounds;  // mutations in the short form: about half a second of them
};

std::span<const Target> targets();
const Target* find_target(std::string_view name);  // null when there is none

// One in each x_target.cpp.
void fuzz_http(std::string_view input);
void fuzz_json(std::string_view input);
void fuzz_form(std::string_view input);
void fuzz_multipart(std::string_view input);
void fuzz_text(std::string_view input);
void fuzz_url(std::string_view input);
void fuzz_ids(std::string_view input);
void fuzz_money(std::string_view input);
void fuzz_dates(std::string_view input);
void fuzz_recipient(std::string_view input);
void fuzz_options(std::string_view input);
void fuzz_payu(std::string_view input);
void fuzz_razorpay(std::string_view input);
void fuzz_instantpay(std::string_view input);
void fuzz_house(std::string_view input);
void fuzz_claim_page(std::string_view input);

}  // namespace disburse::fuzz
