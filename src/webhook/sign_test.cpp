#include "webhook/sign.hpp"

#include <gtest/gtest.h>

namespace disburse::webhook {
namespace {

TEST(Sign, GivesTheSignatureThatAProvidersLibraryTests) {
  EXPECT_EQ(sign(core::SecretText("123456"), R"({"a":1,"b":2,"c":{"d":3}})"),
            "2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc");
}

TEST(Sign, CoversTheBytesOfUtf8AsTheyAre) {
  const std::string_view body =
      R"({"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"payout_link.issued",)"
      R"("contains":["payout_link"],"payload":{"payout_link":{"entity":{"id":"poutlk_FKkrBbaVLrr72C",)"
      R"("entity":"payout_link","contact_id":"cont_FKkZzShONqnji5","contact":{"name":"Gaurav Kumar",)"
      R"("email":"gaurav.kumar@example.com","contact":"9876543210"},"fund_account_id":null,)"
      R"("purpose":"refund","status":"issued","amount":1000,"currency":"INR",)"
      R"("description":"Payout link for Gaurav Kumar","attempt_count":0,"receipt":"Receipt No. 1",)"
      R"("notes":{"notes_key_1":"Tea, Earl Grey, Hot","notes_key_2":"Tea, Earl Grey… decaf."},)"
      R"("short_url":"https://rzp.io/i/hEHLODQ","send_sms":true,"send_email":true,)"
      R"("cancelled_at":null,"created_at":1596122515,"expire_by":1545384058,"expired_at":null}}},)"
      R"("created_at":1596122515})";
  ASSERT_EQ(body.size(), 775u);
  EXPECT_EQ(sign(core::SecretText("whsec_test_123"), body),
            "12ec439416b677b06d0c6c6197d0dbaabb0cdbba016c4dc85fc0c92792b0329e");
}

TEST(Sign, AnotherBodyOrSecretGivesAnotherSignature) {
  const core::SecretText secret("123456");
  EXPECT_NE(sign(secret, "{}"), sign(secret, "{ }"));
  EXPECT_NE(sign(secret, "{}"), sign(core::SecretText("1234567"), "{}"));
}

}  // namespace
}  // namespace disburse::webhook
