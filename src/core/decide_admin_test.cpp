// Merchants' endpoints, and what operators do.
#include "core/draft.hpp"
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kTaken = "taken";
constexpr MerchantId kMerchant = Scene::kMerchant;

AddEndpoint endpoint(std::string url, std::vector<std::string> events = {}) {
  AddEndpoint add;
  add.merchant = kMerchant;
  add.dialect = "house";
  add.url = std::move(url);
  add.secret = SecretText("s");
  add.events = std::move(events);
  return add;
}

TEST(Endpoints, OnlyAnHttpUrlWithAHostIsTaken) {
  Scene scene;
  for (const char* url :
       {"https://example.com", "http://127.0.0.1:8080/hook?x=1", "https://example.com:8443/a#b"}) {
    EXPECT_EQ(scene.world.refusal(endpoint(url)), kTaken) << url;
  }
  for (const char* url :
       {"", "example.com", "ftp://example.com", "https://", "https:///path", "https://:80/",
        "https://user:pw@example.com/", "https://exa mple.com/", "https://example.com/\r\nx: y",
        "javascript://x", "https://example.com/\x7f", "https://ex\xc3\xa4mple.com/"}) {
    EXPECT_EQ(scene.world.refusal(endpoint(url)), "webhook_url_invalid") << url;
  }
  EXPECT_EQ(scene.world.refusal(endpoint("https://example.com/" + std::string(2'000, 'x'))),
            "webhook_url_invalid");
}

TEST(Endpoints, AMerchantHasFiftyAtMost) {
  Scene scene;
  scene.world.listener.reset();
  for (std::size_t i = 0; i < limits::kEndpointsPerMerchant; ++i) {
    ASSERT_EQ(scene.world.refusal(endpoint("https://example.com/" + std::to_string(i))), kTaken);
  }
  EXPECT_EQ(scene.world.refusal(endpoint("https://example.com/more")), "too_many_endpoints");
}

TEST(Endpoints, SeveralInOneChangeAreAllTakenOrNone) {
  Scene scene;
  AddEndpoint add = endpoint("https://example.com/a", {"a"});
  add.also = {endpoint("https://example.com/b", {"b"}), endpoint("nonsense", {"c"})};
  EXPECT_EQ(scene.world.refusal(add), "webhook_url_invalid");
  EXPECT_TRUE(scene.world.all_endpoints.empty());
  add.also.back().url = "https://example.com/c";
  const Result<Reply> reply = scene.world.run(add);
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<Endpoint>(*reply).url, "https://example.com/a");
  EXPECT_EQ(scene.world.all_endpoints.size(), 3U);
}

TEST(Endpoints, TheLimitCountsThoseOfOneChangeTogether) {
  Scene scene;
  scene.world.listener.reset();
  AddEndpoint add = endpoint("https://example.com/0");
  for (std::size_t i = 0; i < limits::kEndpointsPerMerchant; ++i)
    add.also.push_back(endpoint("https://example.com/x"));
  EXPECT_EQ(scene.world.refusal(add), "too_many_endpoints");
  add.also.pop_back();
  EXPECT_EQ(scene.world.refusal(add), kTaken);
}

TEST(Endpoints, SettingAnEventAgainReplacesItsUrl) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(endpoint("https://old.example.com/", {"a", "b"})), kTaken);
  AddEndpoint again = endpoint("https://new.example.com/", {"a"});
  again.replace_same_events = true;
  EXPECT_EQ(scene.world.refusal(again), kTaken);
  ASSERT_EQ(scene.world.all_endpoints.size(), 2U);
  EXPECT_EQ(scene.world.all_endpoints.begin()->second.events, std::vector<std::string>{"b"});
  again.events = {"b"};
  EXPECT_EQ(scene.world.refusal(again), kTaken);
  EXPECT_EQ(scene.world.all_endpoints.size(), 2U) << "one without events goes";
}

TEST(Endpoints, ReplacingTouchesNeitherOtherDialectsNorCatchAlls) {
  Scene scene;
  AddEndpoint other = endpoint("https://other.example.com/", {"a"});
  other.dialect = "another";
  EXPECT_EQ(scene.world.refusal(other), kTaken);
  EXPECT_EQ(scene.world.refusal(endpoint("https://all.example.com/")), kTaken);
  AddEndpoint again = endpoint("https://new.example.com/", {"a"});
  again.replace_same_events = true;
  EXPECT_EQ(scene.world.refusal(again), kTaken);
  EXPECT_EQ(scene.world.all_endpoints.size(), 3U);
}

TEST(Endpoints, WithoutASecretOfItsOwnOneIsSignedWithTheAccounts) {
  Scene scene;
  IssueCredential issue;
  issue.credential.merchant = kMerchant;
  issue.credential.dialect = "house";
  issue.credential.kind = kWebhookSecretKind;
  issue.credential.name = webhook_secret_name(kMerchant);
  issue.credential.readable_secret = SecretText("account secret");
  EXPECT_EQ(scene.world.refusal(issue), kTaken);
  AddEndpoint add = endpoint("https://example.com/");
  add.secret = {};
  EXPECT_EQ(scene.world.refusal(add), kTaken);
  EXPECT_EQ(scene.world.all_endpoints.begin()->second.secret.expose(), "account secret");
  EXPECT_EQ(scene.world.refusal(RevokeCredential{"house", std::string(kWebhookSecretKind),
                                                 webhook_secret_name(kMerchant), "x"}),
            kTaken);
  EXPECT_EQ(scene.world.refusal(add), kTaken);
  EXPECT_TRUE(scene.world.all_endpoints.rbegin()->second.secret.empty());
}

TEST(Endpoints, WhereNeitherHasASecretNothingIsSigned) {
  Scene scene;
  AddEndpoint add = endpoint("https://example.com/");
  add.secret = {};
  EXPECT_EQ(scene.world.refusal(add), kTaken);
  EXPECT_TRUE(scene.world.all_endpoints.begin()->second.secret.empty());
}

TEST(Endpoints, OneIsRemovedByIdOrByEvents) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(endpoint("https://example.com/a", {"a"})), kTaken);
  EXPECT_EQ(scene.world.refusal(endpoint("https://example.com/b", {"b"})), kTaken);
  const EndpointId first = scene.world.all_endpoints.begin()->first;
  EXPECT_EQ(scene.world.refusal(RemoveEndpoint{MerchantId{2}, first, {}, {}}),
            "endpoint_not_found");
  EXPECT_EQ(scene.world.refusal(RemoveEndpoint{kMerchant, first, {}, {}}), kTaken);
  EXPECT_EQ(scene.world.refusal(RemoveEndpoint{kMerchant, first, {}, {}}), "endpoint_not_found");
  EXPECT_EQ(scene.world.refusal(RemoveEndpoint{kMerchant, {}, "house", {"b"}}), kTaken);
  EXPECT_TRUE(scene.world.all_endpoints.empty());
}

TEST(Merchants, ANewOneHasANumberAnAccountAndNoMoney) {
  Scene scene;
  CreateMerchant create;
  create.name = "Second";
  const Result<Reply> reply = scene.world.run(create);
  ASSERT_TRUE(reply);
  const MerchantView& view = std::get<MerchantView>(*reply);
  EXPECT_EQ(view.merchant.id, MerchantId{2});
  EXPECT_EQ(view.merchant.account_number, "7878780000000002");
  EXPECT_EQ(view.balances.available, 0);
  create.account_number = "1111";
  EXPECT_EQ(std::get<MerchantView>(*scene.world.run(create)).merchant.account_number, "1111");
}

TEST(Merchants, ANameIsNeeded) {
  Scene scene;
  CreateMerchant create;
  for (const std::string& bad : {std::string(), std::string(101, 'x'), std::string("a\n")}) {
    create.name = bad;
    EXPECT_EQ(scene.world.refusal(create), "field_invalid");
  }
}

TEST(Merchants, OnlyWhatIsGivenIsUpdated) {
  Scene scene;
  UpdateMerchant update{kMerchant, "operator:test", {}, std::vector<std::string>{"10.0.0.0/8"}};
  EXPECT_EQ(scene.world.refusal(update), kTaken);
  EXPECT_EQ(scene.world.merchant(kMerchant)->allowed_addresses.size(), 1U);
  EXPECT_EQ(scene.world.merchant(kMerchant)->settings, Settings{});
  Settings settings;
  settings.hold = HoldAt::issue;
  EXPECT_EQ(scene.world.refusal(UpdateMerchant{kMerchant, "operator:test", settings, {}}), kTaken);
  EXPECT_EQ(scene.world.merchant(kMerchant)->settings.hold, HoldAt::issue);
  EXPECT_EQ(scene.world.merchant(kMerchant)->allowed_addresses.size(), 1U);
  EXPECT_EQ(scene.world.refusal(UpdateMerchant{MerchantId{9}, "x", {}, {}}), "merchant_not_found");
}

TEST(Deposits, MoneyComesInWithAPostingAndAnAuditRow) {
  Scene scene;
  const Result<Reply> reply = scene.world.run(Deposit{kMerchant, 250_paise, "operator:test"});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<MerchantView>(*reply).balances.available, Scene::kDeposited + 250);
  EXPECT_EQ(scene.world.money().deposited, Scene::kDeposited + 250);
  EXPECT_EQ(scene.world.audit.back().act, "deposit");
  EXPECT_EQ(scene.world.audit.back().detail, "2.50");
  EXPECT_EQ(scene.world.refusal(Deposit{kMerchant, 0_paise, "x"}), "amount_invalid");
  EXPECT_EQ(scene.world.refusal(Deposit{MerchantId{9}, 1_paise, "x"}), "merchant_not_found");
}

IssueCredential credential(std::string name) {
  IssueCredential issue;
  issue.credential.merchant = kMerchant;
  issue.credential.dialect = "house";
  issue.credential.kind = "key";
  issue.credential.name = std::move(name);
  issue.credential.secret_hash = "the hash of it";
  issue.actor = "operator:test";
  return issue;
}

TEST(Credentials, ANameIsGivenOutOnce) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(credential("k1")), kTaken);
  EXPECT_EQ(scene.world.refusal(credential("k1")), "field_invalid");
  EXPECT_EQ(scene.world.refusal(credential("")), "field_invalid");
  EXPECT_EQ(scene.world.refusal(credential(std::string(255, 'k'))), "field_invalid");
  IssueCredential stranger = credential("k2");
  stranger.credential.merchant = MerchantId{9};
  EXPECT_EQ(scene.world.refusal(stranger), "merchant_not_found");
}

TEST(Credentials, ARevokedOneStaysRevokedFromTheFirstTime) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(credential("k1")), kTaken);
  const RevokeCredential revoke{"house", "key", "k1", "operator:test"};
  const Instant first = scene.world.now;
  EXPECT_EQ(scene.world.refusal(revoke), kTaken);
  scene.world.now = scene.world.now + 1h;
  EXPECT_EQ(scene.world.refusal(revoke), kTaken);
  EXPECT_EQ(scene.world.credential("house", "key", "k1")->revoked_at, first);
  EXPECT_EQ(scene.world.refusal(RevokeCredential{"house", "key", "k9", "x"}),
            "credential_not_found");
  EXPECT_EQ(scene.world.refusal(credential("k1")), "field_invalid")
      << "its name is not given out again";
}

TEST(RefreshTokens, OneIsUsedOnceAndAnotherTakesItsPlace) {
  Scene scene;
  RefreshToken token{"h1", kMerchant, CredentialId{5}, "scope", scene.world.now + 1h, false};
  EXPECT_EQ(scene.world.refusal(IssueRefreshToken{token}), kTaken);
  RefreshToken next;
  next.hash = "h2";
  next.expires_at = scene.world.now + 2h;
  const Result<Reply> reply = scene.world.run(UseRefreshToken{"h1", next});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<RefreshToken>(*reply).credential, CredentialId{5});
  EXPECT_EQ(std::get<RefreshToken>(*reply).merchant, kMerchant);
  EXPECT_EQ(std::get<RefreshToken>(*reply).scope, "scope");
  next.hash = "h3";
  EXPECT_EQ(scene.world.refusal(UseRefreshToken{"h1", next}), "credentials_invalid");
  EXPECT_EQ(scene.world.refusal(UseRefreshToken{"h2", next}), kTaken);
}

TEST(RefreshTokens, OneThatIsUnknownOrTooOldIsRefused) {
  Scene scene;
  RefreshToken token{"h1", kMerchant, CredentialId{5}, "", scene.world.now + 1h, false};
  EXPECT_EQ(scene.world.refusal(IssueRefreshToken{token}), kTaken);
  EXPECT_EQ(scene.world.refusal(UseRefreshToken{"h9", {}}), "credentials_invalid");
  scene.world.now = scene.world.now + 1h;
  EXPECT_EQ(scene.world.refusal(UseRefreshToken{"h1", {}}), "credentials_invalid");
}

// Whether each row's hash covers the one before it.
bool chained(const World& world) {
  std::string before;
  for (const AuditRow& row : world.audit) {
    if (audit_hash(world.hash, before, row) != row.hash) return false;
    before = row.hash;
  }
  return true;
}

TEST(Audit, EveryActLeavesARowAndTheRowsAreChained) {
  Scene scene;
  EXPECT_EQ(scene.world.refusal(credential("k1")), kTaken);
  EXPECT_EQ(scene.world.refusal(RevokeCredential{"house", "key", "k1", "operator:test"}), kTaken);
  EXPECT_EQ(scene.world.refusal(UpdateMerchant{kMerchant, "operator:test", {}, {}}), kTaken);
  std::vector<std::string> acts;
  for (const AuditRow& row : scene.world.audit) acts.push_back(row.act);
  EXPECT_EQ(acts, (std::vector<std::string>{"create_merchant", "deposit", "issue_credential",
                                            "revoke_credential", "update_merchant"}));
  EXPECT_TRUE(chained(scene.world));
}

TEST(Audit, AnyChangeOrGapBreaksTheChain) {
  Scene scene;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(scene.world.run(Deposit{kMerchant, 1_paise, "operator:test"}));
  const std::vector<AuditRow> good = scene.world.audit;
  const auto broken = [&](auto change) {
    scene.world.audit = good;
    change(scene.world.audit);
    return !chained(scene.world);
  };
  EXPECT_TRUE(broken([](auto& rows) { rows[1].detail += "0"; }));
  EXPECT_TRUE(broken([](auto& rows) { rows[1].actor = "operator:other"; }));
  EXPECT_TRUE(broken([](auto& rows) { rows[1].act = "nothing"; }));
  EXPECT_TRUE(broken([](auto& rows) { rows[1].at = rows[1].at + 1ms; }));
  EXPECT_TRUE(broken([](auto& rows) { rows[1].merchant = MerchantId{2}; }));
  EXPECT_TRUE(broken([](auto& rows) { rows.erase(rows.begin() + 1); }));
  EXPECT_TRUE(broken([](auto& rows) { std::swap(rows[1], rows[2]); }));
  EXPECT_TRUE(broken([](auto& rows) { std::swap(rows[1].act, rows[1].actor); }));
}

TEST(Audit, NoSecretIsInIt) {
  Scene scene;
  IssueCredential issue = credential("k1");
  issue.credential.readable_secret = SecretText("very secret");
  EXPECT_EQ(scene.world.refusal(issue), kTaken);
  for (const AuditRow& row : scene.world.audit) {
    EXPECT_EQ(row.detail.find("very secret"), std::string::npos);
    EXPECT_EQ(row.detail.find("the hash of it"), std::string::npos);
  }
}

TEST(Deposit, NothingGoesAboveTheLargestSum) {
  Scene scene;
  const Money most = *Money::from_paise(Money::kMaxPaise);
  EXPECT_EQ(scene.world.refusal(Deposit{kMerchant, most, "operator:test"}), "amount_too_large");
  EXPECT_EQ(scene.world.money().available, Scene::kDeposited);
}

TEST(BackOff, ItDoublesFromTheFirstToTheLast) {
  EXPECT_EQ(back_off(0, 5s, 15min), 5s);
  EXPECT_EQ(back_off(1, 5s, 15min), 10s);
  EXPECT_EQ(back_off(7, 5s, 15min), 640s);
  EXPECT_EQ(back_off(8, 5s, 15min), 15min);
  EXPECT_EQ(back_off(4'000'000'000, 5s, 15min), 15min);
}

}  // namespace
}  // namespace disburse::core
