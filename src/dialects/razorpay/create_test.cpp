// Create requests: what is read, and which offence is reported. Threads: one.
#include "dialects/razorpay/create.hpp"

#include <gtest/gtest.h>

#include "dialects/razorpay/bench_test.hpp"

namespace disburse::dialects::razorpay {
namespace {

using core::CreateLink;

constexpr std::string_view kSample =
    R"({"account_number":"7878780080857996","contact":{"name":"Gaurav Kumar",)"
    R"("contact":"912345678","email":"gaurav.kumar@example.com","type":"customer"},)"
    R"("amount":1000,"currency":"INR","purpose":"refund",)"
    R"("description":"Payout link for Gaurav Kumar","receipt":"Receipt No. 1",)"
    R"("send_sms":true,"send_email":true,"notes":{"notes_key_1":"Tea, Earl Grey, Hot",)"
    R"("notes_key_2":"Tea, Earl Grey… decaf."},"expire_by":1545384058})";

std::string sample_with(std::string_view part, std::string_view instead) {
  std::string body(kSample);
  const std::size_t at = body.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return body.replace(at, part.size(), instead);
}

Read<CreateLink> read(const Bench& bench, const std::string& body, std::string_view type = {}) {
  const Asked asked(wire::Method::post, "/v1/payout-links", body, {{"content-type", type}});
  return read_create(asked.request, bench.merchant, bench.context());
}

struct Refused {
  std::string_view part;
  std::string_view instead;
  std::string_view description;
  std::string_view field;  // as JSON
};

void expect_refused(const Bench& bench, const Refused& row) {
  SCOPED_TRACE(std::string(row.part) + " -> " + std::string(row.instead));
  const auto create = read(bench, sample_with(row.part, row.instead));
  ASSERT_FALSE(create);
  const wire::Response response = error_response(create.error());
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(described(response), row.description);
  const std::string field = "\"field\":" + std::string(row.field) + "}}";
  EXPECT_TRUE(response.body.ends_with(field)) << response.body;
}

TEST(RazorpayCreate, TheDocumentedRequestIsRead) {
  const Bench bench;
  const auto create = read(bench, std::string(kSample));
  ASSERT_TRUE(create) << create.error().error.detail;
  EXPECT_EQ(create->merchant, bench.merchant.id);
  EXPECT_EQ(create->dialect, "razorpay");
  EXPECT_EQ(create->amount.paise(), 1000);
  EXPECT_EQ(create->contact_name, "Gaurav Kumar");
  EXPECT_EQ(create->phone, "912345678");
  EXPECT_EQ(create->email, "gaurav.kumar@example.com");
  EXPECT_EQ(create->contact_type, "customer");
  EXPECT_EQ(create->reference, "Receipt No. 1");
  EXPECT_TRUE(create->send_sms && create->send_email);
  EXPECT_EQ(create->notes, (core::Notes{{"notes_key_1", "Tea, Earl Grey, Hot"},
                                        {"notes_key_2", "Tea, Earl Grey… decaf."}}));
  ASSERT_TRUE(create->expires_at);
  EXPECT_EQ(create->expires_at->seconds(), 1'545'384'058);
  EXPECT_EQ(create->otp_required, true);
}

TEST(RazorpayCreate, AFormWithBracketsReadsAsTheSameLink) {
  const Bench bench;
  const auto create =
      read(bench,
           "account_number=7878780080857996&contact%5Bname%5D=Gaurav+Kumar&contact[contact]="
           "912345678&contact[email]=gaurav.kumar%40example.com&contact[type]=customer&amount=1000"
           "&currency=INR&purpose=refund&description=Payout+link+for+Gaurav+Kumar&receipt="
           "Receipt+No.+1&send_sms=1&send_email=true&notes[notes_key_1]=Tea,+Earl+Grey,+Hot&"
           "notes[notes_key_2]=Tea,+Earl+Grey%E2%80%A6+decaf.&expire_by=1545384058",
           "application/x-www-form-urlencoded; charset=utf-8");
  ASSERT_TRUE(create) << create.error().error.detail;
  const auto from_json = read(bench, std::string(kSample));
  EXPECT_EQ(create->amount, from_json->amount);
  EXPECT_EQ(create->notes, from_json->notes);
  EXPECT_EQ(create->phone, from_json->phone);
  EXPECT_EQ(create->expires_at, from_json->expires_at);
  EXPECT_EQ(create->send_sms, from_json->send_sms);
  EXPECT_EQ(create->send_email, from_json->send_email);
}

TEST(RazorpayCreate, JsonUnderAFormsContentTypeIsStillJson) {
  const Bench bench;
  EXPECT_TRUE(read(bench, std::string(kSample), "application/x-www-form-urlencoded"));
}

TEST(RazorpayCreate, EachMissingFieldIsNamed) {
  const Bench bench;
  // clang-format off
  const Refused rows[] = {
      {R"("account_number":"7878780080857996",)", "", "The account number field is required.",
       R"("account_number")"},
      {R"("contact":{"name":"Gaurav Kumar",)", R"("x":{"name":"A",)",
       "The contact field is required.", R"("contact")"},
      {R"("name":"Gaurav Kumar",)", "", "The name field is required.", R"("name")"},
      {R"("name":"Gaurav Kumar")", R"("name":" ")", "The name field is required.", R"("name")"},
      {R"("contact":"912345678","email":"gaurav.kumar@example.com")", R"("contact":"","email":"")",
       "The contact or email field is required.", R"("contact")"},
      {R"("amount":1000,)", "", "The amount field is required.", R"("amount")"},
      {R"("currency":"INR",)", "", "The currency field is required.", R"("currency")"},
      {R"("purpose":"refund",)", "", "The purpose field is required.", R"("purpose")"},
      {R"("description":"Payout link for Gaurav Kumar",)", "", "The description field is required.",
       R"("description")"},
      {R"("description":"Payout link for Gaurav Kumar",)", R"("description":"",)",
       "The description field is required.", R"("description")"},
  };
  // clang-format on
  for (const Refused& row : rows) expect_refused(bench, row);
}

TEST(RazorpayCreate, EachBadContactIsExplained) {
  const Bench bench;
  // clang-format off
  const Refused rows[] = {
      {R"("7878780080857996")", R"("7878780080857997")", "The RazorpayX Account number is invalid.",
       R"("account_number")"},
      {"Gaurav Kumar", "Jo", "The name field is invalid.", R"("name")"},
      {"Gaurav Kumar", "Gaurav & Kumar", "The name field is invalid.", R"("name")"},
      {"Gaurav Kumar", "Gaurav (Kumar)", "The name field is invalid.", R"("name")"},
      {"Gaurav Kumar", "123456789 123456789 123456789 123456789 123456789 1",
       "The name field is invalid.", R"("name")"},
      {R"("912345678")", R"("ring me")", "The contact field is invalid.", R"("contact")"},
      {R"("912345678")", "true", "The contact field is invalid.", R"("contact")"},
      {"gaurav.kumar@example.com", "gaurav.kumar", "The email must be a valid email address.",
       R"("email")"},
      {R"("type":"customer")", R"("type":"Customer")", "Invalid type: Customer", R"("type")"},
      {R"({"name":)", R"({"id":"cont_1","name":)", "cont_1 is not a valid id.", R"("id")"},
      {R"({"name":)", R"({"id":"cont_00000000000001","name":)",
       "The contact id provided does not exist.", R"("id")"},
  };
  // clang-format on
  for (const Refused& row : rows) expect_refused(bench, row);
}

TEST(RazorpayCreate, EachBadAmountAndPurposeIsExplained) {
  const Bench bench;
  // clang-format off
  const Refused rows[] = {
      {"1000", R"("1000")", "The amount must be an integer.", R"("amount")"},
      {"1000", "10.5", "The amount must be an integer.", R"("amount")"},
      {"1000", "1e3", "The amount must be an integer.", R"("amount")"},
      {"1000", "true", "The amount must be an integer.", R"("amount")"},
      {"1000", "99", "The amount must be at least 100.", R"("amount")"},
      {"1000", "0", "The amount must be at least 100.", R"("amount")"},
      {"1000", "-1000", "The amount must be at least 100.", R"("amount")"},
      {"1000", "100000000001", "The amount may not be greater than 100000000000.", R"("amount")"},
      {"1000", "99999999999999999999999", "The amount may not be greater than 100000000000.",
       R"("amount")"},
      {"INR", "USD", "The selected currency is invalid.", R"("currency")"},
      {"INR", "inr", "The selected currency is invalid.", R"("currency")"},
      {R"("refund")", R"("Refund")", "Invalid purpose: Refund", R"("purpose")"},
      {R"("refund")", R"(["refund"])", "The purpose field is invalid.", R"("purpose")"},
  };
  // clang-format on
  for (const Refused& row : rows) expect_refused(bench, row);
}

TEST(RazorpayCreate, EachBadExtraIsExplained) {
  const Bench bench;
  const std::string long_text(256, 'x');
  const std::string long_receipt = "\"" + std::string(41, '7') + "\"";
  const std::string long_key = "\"" + std::string(257, 'k') + "\"";
  const std::string long_value = "\"" + std::string(257, 'v') + "\"";
  std::string sixteen = "{\"n0\":1";
  for (int i = 1; i < 16; ++i) sixteen += ",\"n" + std::to_string(i) + "\":1";
  sixteen += "}";
  const std::string_view notes =
      R"({"notes_key_1":"Tea, Earl Grey, Hot","notes_key_2":"Tea, Earl Grey… decaf."})";
  // clang-format off
  const Refused rows[] = {
      {"Payout link for Gaurav Kumar", long_text,
       "The description may not be greater than 255 characters.", R"("description")"},
      {R"("Receipt No. 1")", long_receipt, "The receipt may not be greater than 40 characters.",
       R"("receipt")"},
      {R"("send_sms":true)", R"("send_sms":"yes")", "The send sms field must be true or false.",
       R"("send_sms")"},
      {notes, R"("tea")", "The notes field is invalid.", R"("notes")"},
      {R"("Tea, Earl Grey, Hot")", "[1]", "Notes values themselves should not be an array.",
       R"("notes")"},
      {R"("notes_key_1")", long_key, "Notes key cannot be greater than 256 characters.",
       R"("notes")"},
      {R"("Tea, Earl Grey, Hot")", long_value, "Notes value cannot be greater than 256 characters.",
       R"("notes")"},
      {notes, sixteen, "Number of fields in notes should be less than or equal to 15.",
       R"("notes")"},
      {"1545384058", R"("soon")", "The expire by must be an integer.", R"("expire_by")"},
      {"1545384058", "99999999999999", "The expire by field is invalid.", R"("expire_by")"},
  };
  // clang-format on
  for (const Refused& row : rows) expect_refused(bench, row);
}

// A repeated request must get its first answer even when its deadline has come near since, so the
// rule goes with the command and is not looked at here.
TEST(RazorpayCreate, ADeadlineThatIsNearIsLeftToTheEngineWithTheRuleOfFifteenMinutes) {
  const Bench bench;
  const std::string early = std::to_string(bench.now.seconds() + 899);
  const auto create = read(bench, sample_with("1545384058", early));
  ASSERT_TRUE(create);
  EXPECT_EQ(create->least_life, std::chrono::minutes(15));
}

TEST(RazorpayCreate, ADeadlineMayHaveAFraction) {
  const Bench bench;
  const auto create = read(bench, sample_with("1545384058", "1545384058.75"));
  ASSERT_TRUE(create);
  EXPECT_EQ(create->expires_at->ms(), 1'545'384'058'000);
}

TEST(RazorpayCreate, ADeadlineIsRefusedWhereTheFeatureIsOffButNullIsNone) {
  Bench bench;
  bench.merchant.settings.expiry_feature = false;
  expect_refused(bench, {"1545384058", "1545384058",
                         "expire_by is/are not required and should not be sent", R"("expire_by")"});
  const auto create = read(bench, sample_with("1545384058", "null"));
  ASSERT_TRUE(create);
  EXPECT_FALSE(create->expires_at);
}

TEST(RazorpayCreate, OnlyTheFirstOffenceIsReported) {
  const Bench bench;
  const auto create = read(bench, R"({"account_number":"1","amount":-1})");
  ASSERT_FALSE(create);
  EXPECT_EQ(described(error_response(create.error())), "The RazorpayX Account number is invalid.");
}

TEST(RazorpayCreate, BodiesThatAreNoObjectAreRefused) {
  const Bench bench;
  for (const std::string body : {"{\"a\":", "[1]", "7", "\"x\"", "a=b", "{} {}"}) {
    const auto create = read(bench, body, "application/json");
    ASSERT_FALSE(create) << body;
    EXPECT_EQ(create.error().error.code, core::Code::malformed_request) << body;
  }
}

TEST(RazorpayCreate, EmptyBodiesMissTheFirstField) {
  const Bench bench;
  for (const std::string body : {"", " \r\n", "null", "{}", "[]"}) {
    const auto create = read(bench, body, "application/json");
    ASSERT_FALSE(create) << body;
    EXPECT_EQ(create.error().error.code, core::Code::source_account_required) << body;
  }
}

TEST(RazorpayCreate, AKnownContactIdIsOpenedAndDetailsBesideItAreLeftAlone) {
  const Bench bench;
  const std::string id = "{\"id\":\"" + bench.contact_id(55) + "\",\"name\":";
  const auto create = read(bench, sample_with("{\"name\":", id));
  ASSERT_TRUE(create);
  EXPECT_EQ(create->contact_id, core::ContactId{55});
  EXPECT_TRUE(create->contact_name.empty());
}

TEST(RazorpayCreate, TheMerchantsOwnPurposesAndContactTypesAreKnown) {
  Bench bench;
  bench.merchant.settings.purposes = {"cod refund"};
  bench.merchant.settings.contact_types = {"rider"};
  EXPECT_TRUE(read(bench, sample_with("\"refund\"", "\"cod refund\"")));
  EXPECT_TRUE(read(bench, sample_with("\"type\":\"customer\"", "\"type\":\"rider\"")));
}

TEST(RazorpayCreate, NamesMayHaveBothApostrophesAndTheListedSigns) {
  const Bench bench;
  for (const std::string name : {"D'Souza, A.", "D’Souza", "A/S-Traders_(x) 1.", "abc"}) {
    EXPECT_TRUE(read(bench, sample_with("Gaurav Kumar", name))) << name;
  }
}

TEST(RazorpayCreate, NotesAreKeptAsTextAndTheLastOfARepeatedKeyCounts) {
  const Bench bench;
  const auto create = read(bench, sample_with(R"("notes_key_1":"Tea, Earl Grey, Hot",)",
                                              R"("n":1.50,"t":true,"z":null,"n":2,)"));
  ASSERT_TRUE(create);
  EXPECT_EQ(create->notes,
            (core::Notes{
                {"n", "2"}, {"t", "true"}, {"z", ""}, {"notes_key_2", "Tea, Earl Grey… decaf."}}));
}

TEST(RazorpayCreate, OnlyWellFormedIdempotencyKeysCount) {
  const std::string long_key(37, 'k');
  // clang-format off
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", ""}, {"abc", ""}, {long_key, ""}, {"key/1234", ""}, {"PE-2024_001 a", "PE-2024_001 a"},
  };
  // clang-format on
  for (const auto& [sent, taken] : rows) {
    const Asked asked(wire::Method::post, "/v1/payout-links", "", {{"X-Payout-Idempotency", sent}});
    EXPECT_EQ(idempotency_key(asked.request), taken);
  }
}

TEST(RazorpayBody, FormsNestAsDeepAsFieldsDoAndListsStayLists) {
  const auto form = wire::Form::parse(
      "a=1&c[x]=2&n[]=3&c[y][z]=4&n[]=5&c[y][w][v][u]=6&c[y][w][v][t]=7&d[e][f][g][h][i]=8");
  ASSERT_TRUE(form);
  EXPECT_EQ(form_as_json(*form),
            R"({"a":"1","c":{"x":"2","y":{"z":"4","w":{"v":{"u":"6","t":"7"}}}},)"
            R"("n":["3","5"],"d":{"e":{"f":{"g":{"h":[]}}}}})");
}

}  // namespace
}  // namespace disburse::dialects::razorpay
