#include "dialects/instantpay/ids.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::LinkId;
using core::MerchantId;
using core::PayoutId;

// The shapes of the provider's identifiers, found from all its samples.
const std::regex kLinkIdShape("[0-9a-f]{24}");
const std::regex kOrderShape(R"(1\d{12}[A-Z]{5})");
const std::regex kRequestShape(
    "h\\d{3}[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-[A-Za-z0-9]{12}");
constexpr MerchantId kMerchant{1};

std::uint64_t any_id() {
  return *rc::gen::inRange<std::uint64_t>(1, 1ULL << core::IdMaker::kIdBits);
}

RC_GTEST_PROP(LinkIdText, HasTheShapeAndOpensToTheLink, ()) {
  const core::PublicIds ids = testing::make_ids();
  const LinkId link{any_id()};
  const std::string text = link_id_text(ids, kMerchant, link);
  RC_ASSERT(std::regex_match(text, kLinkIdShape));
  RC_ASSERT(parse_link_id(ids, kMerchant, text) == link);
  RC_ASSERT(std::stoll(text.substr(0, 8), nullptr, 16) == core::made_at(link.value).seconds());
}

RC_GTEST_PROP(LinkIdText, OfAnotherMerchantOrWithADigitChangedIsNobodys, ()) {
  const core::PublicIds ids = testing::make_ids();
  std::string text = link_id_text(ids, kMerchant, LinkId{any_id()});
  RC_ASSERT(!parse_link_id(ids, MerchantId{2}, text));
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = text[at] == 'f' ? '0' : 'f';
  RC_ASSERT(!parse_link_id(ids, kMerchant, text));
}

TEST(LinkIdText, OfAnotherShapeIsNobodys) {
  const core::PublicIds ids = testing::make_ids();
  const std::string good = link_id_text(ids, kMerchant, LinkId{1ULL << 40});
  ASSERT_TRUE(parse_link_id(ids, kMerchant, good));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, good.substr(1)));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, good + "0"));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, ""));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, std::string(24, 'z')));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, std::string(24, '0')));
  EXPECT_FALSE(parse_link_id(ids, kMerchant, "657aa9841b8d3897ff0a84fb"));
}

RC_GTEST_PROP(OrderId, HasTheShapeAndTheTimeInUtc, ()) {
  const core::PublicIds ids = testing::make_ids();
  const std::uint64_t id = any_id();
  const std::string order = link_order_id(ids, kMerchant, LinkId{id});
  RC_ASSERT(std::regex_match(order, kOrderShape));
  const core::Civil utc = core::civil(core::made_at(id), core::kUtc);
  RC_ASSERT(std::stoi(order.substr(1, 2)) == utc.year % 100);
  RC_ASSERT(std::stoi(order.substr(7, 2)) == utc.hour);
  RC_ASSERT(std::stoi(order.substr(9, 2)) == utc.minute);
}

TEST(OrderId, IsTheSameForTheSameThingAndAnotherForEachOther) {
  const core::PublicIds ids = testing::make_ids();
  const PayoutId payout{1ULL << 41};
  EXPECT_EQ(payout_order_id(ids, kMerchant, payout), payout_order_id(ids, kMerchant, payout));
  EXPECT_NE(payout_order_id(ids, kMerchant, payout), verification_order_id(ids, kMerchant, payout));
  EXPECT_NE(payout_order_id(ids, kMerchant, payout),
            link_order_id(ids, kMerchant, LinkId{payout.value}));
}

RC_GTEST_PROP(RequestNumber, HasTheShapeOf53Characters, ()) {
  const std::array<std::uint64_t, 2> random = {*rc::gen::arbitrary<std::uint64_t>(),
                                               *rc::gen::arbitrary<std::uint64_t>()};
  const std::string number = request_number(random);
  RC_ASSERT(std::regex_match(number, kRequestShape));
  RC_ASSERT(number.size() == 53U);
  RC_ASSERT(number == request_number(random));
  RC_ASSERT(number != request_number({random[0] + 1, random[1]}));
  RC_ASSERT(number != request_number({random[0], random[1] + 1}));
}

TEST(Urls, OfTheLinkAndItsImageEndInTheSameClaimCode) {
  const testing::Server server;
  const core::LinkView view = testing::link_view(server);
  const std::string url = link_url(view.link, server.context());
  const std::string qr = qr_url(view.link, server.context());
  const std::string code = url.substr(url.rfind('/') + 1);
  EXPECT_EQ(url, "http://127.0.0.1:8080/l/" + code);
  EXPECT_EQ(qr, "http://127.0.0.1:8080/payment/payout/link/qr/" + code);
  const auto claim = core::parse_claim_code(server.ids, code);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->link, view.link.id);
}

}  // namespace
}  // namespace disburse::dialects::instantpay
