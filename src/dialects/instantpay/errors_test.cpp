#include "dialects/instantpay/errors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace disburse::dialects::instantpay {
namespace {

using core::Code;
using core::Error;

// The provider's 49 codes, from its error-codes page and from two integrations that copied it.
constexpr std::string_view kTheirCodes[] = {
    "TXN", "TUP", "IRA", "RBT", "IAN", "IAB", "DTX", "ISE", "IAT", "SPD", "SPE", "ITI", "DTB",
    "TSU", "ISP", "RPI", "AAB", "ANF", "UED", "IEC", "IRT", "IPE", "IAC", "UAD", "TRP", "TDE",
    "DLS", "DID", "OUI", "ODI", "RNF", "RAR", "UAR", "IVC", "IUA", "SNA", "ERR", "FAB", "UFC",
    "OTP", "EOP", "OLR", "ONV", "RAB", "VCI", "OUE", "KYC", "USM", "CNL"};

TEST(Errors, EveryRowHasACodeOfTheProvidersTableAndNoneIsASuccess) {
  for (const ErrorRow& row : kErrors) {
    EXPECT_NE(std::find(std::begin(kTheirCodes), std::end(kTheirCodes), row.statuscode),
              std::end(kTheirCodes))
        << row.statuscode;
    EXPECT_NE(row.statuscode, "TXN") << core::name(row.code);
    EXPECT_NE(row.statuscode, "TUP") << core::name(row.code);
    EXPECT_FALSE(row.status.empty());
  }
}

struct Case {
  Error error;
  std::string_view statuscode;
  std::string_view status;
};

TEST(Errors, AreWhatTheSuggestedTableSays) {
  // clang-format off
  const Case cases[] = {
      {{Code::credentials_missing, {}, {}}, "IAC", "Invalid Dealer Credentials"},
      {{Code::credentials_invalid, {}, {}}, "IAC", "Invalid Dealer Credentials"},
      {{Code::credentials_invalid, field::kAuthCode, {}}, "IAT", "Invalid Access Token"},
      {{Code::address_not_allowed, {}, {}}, "UAD", "User Access Denied"},
      {{Code::malformed_request, {}, {}}, "RPI", "Request Parameters are Invalid or Incomplete"},
      {{Code::field_required, field::kAmount, {}}, "ERR", "The amount field is required."},
      {{Code::purpose_unknown, field::kPurpose, {}}, "ERR", "The selected purpose is invalid."},
      {{Code::link_not_found, {}, {}}, "ERR", "No Record Found"},
      {{Code::link_processed, {}, {}}, "ERR", "Link already CLAIMED"},
      {{Code::contact_missing, {}, {}}, "ERR", "Contact details not available"},
      {{Code::balance_too_low, {}, {}}, "IAB", "Insufficient Wallet Balance"},
      {{Code::account_number_invalid, {}, {}}, "IAN", "Invalid Account Number"},
      {{Code::route_not_found, {}, {}}, "OUE", "Unknown Method"},
      {{Code::method_not_allowed, {}, {}}, "OUE", "Unknown Method"},
  };
  // clang-format on
  for (const Case& c : cases) {
    const Refusal refusal = refusal_of(c.error);
    EXPECT_EQ(refusal.statuscode, c.statuscode) << c.status;
    EXPECT_EQ(refusal.status, c.status);
  }
}

TEST(Errors, AFieldThatHasNoRuleOfItsOwnIsNamedInTheText) {
  EXPECT_EQ(refusal_of({Code::field_required, "linkId", {}}).status,
            "The linkId field is required.");
  EXPECT_EQ(refusal_of({Code::field_invalid, "notes", {}}).status, "The notes format is invalid.");
  EXPECT_EQ(refusal_of({Code::field_invalid, {}, {}}).status, "The request format is invalid.");
}

TEST(Errors, NeverShowWhatIsMeantForTheLog) {
  for (const ErrorRow& row : kErrors) {
    const Refusal refusal = refusal_of({row.code, {}, "secret detail"});
    EXPECT_EQ(refusal.status.find("secret detail"), std::string::npos);
    EXPECT_EQ(refusal.status.find('{'), std::string::npos);
  }
}

}  // namespace
}  // namespace disburse::dialects::instantpay
