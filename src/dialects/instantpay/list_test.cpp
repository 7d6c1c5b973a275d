#include "dialects/instantpay/list.hpp"

#include <gtest/gtest.h>

#include "dialects/instantpay/ids.hpp"
#include "dialects/instantpay/testing.hpp"

namespace disburse::dialects::instantpay {
namespace {

using core::LinkState;
using core::ListLinks;
using testing::Sent;
using testing::Server;

constexpr std::string_view kPath = "/payments/payout/link/list";

Sent get(std::string_view query = {}, std::string body = {}) {
  return {.method = wire::Method::get,
          .path = std::string(kPath) + std::string(query),
          .body = std::move(body)};
}

TEST(List, WithoutABodyAsksForTheFirstTen) {
  const auto query = Server().query<ListLinks>(get());
  EXPECT_EQ(query.merchant, core::MerchantId{1});
  EXPECT_EQ(query.skip, 0U);
  EXPECT_EQ(query.limit, 10U);
  EXPECT_TRUE(query.want_total);
  EXPECT_TRUE(query.filter.states.empty());
}

TEST(List, ReadsTheBodyOfAGetAndOfAPost) {
  const Server server;
  const std::string id = link_id_text(server.ids, server.merchant.id, core::LinkId{1ULL << 40});
  for (const auto method : {wire::Method::get, wire::Method::post}) {
    const auto query = server.query<ListLinks>(
        {.method = method,
         .path = std::string(kPath),
         .body = R"({"filters":{"status":["ISSUED"],"contact":"help@instantpay.in","linkId":")" +
                 id + R"("},"pagination":{"pageNumber":"3","recordsPerPage":"20"}})"});
    EXPECT_EQ(query.filter.states,
              (std::vector{LinkState::pending, LinkState::scheduled, LinkState::issued}));
    EXPECT_EQ(query.filter.contact_text, "help@instantpay.in");
    EXPECT_EQ(query.filter.id, core::LinkId{1ULL << 40});
    EXPECT_EQ(query.skip, 40U);
    EXPECT_EQ(query.limit, 20U);
  }
}

TEST(List, TakesTheSameFieldsFromTheQueryAndTheBodyWins) {
  const Server server;
  for (const char* text : {"?filters[status][]=CLAIMED&filters[contact]=x&pagination[pageNumber]=2",
                           "?filters%5Bstatus%5D%5B0%5D=CLAIMED&filters.contact=x&pageNumber=2",
                           "?status=CLAIMED&contact=x&pagination.pageNumber=2"}) {
    const auto query = server.query<ListLinks>(get(text));
    EXPECT_EQ(query.filter.states, std::vector{LinkState::processed}) << text;
    EXPECT_EQ(query.filter.contact_text, "x") << text;
    EXPECT_EQ(query.skip, 10U) << text;
  }
  const auto both = server.query<ListLinks>(
      get("?status=CLAIMED&recordsPerPage=5", R"({"filters":{"status":"CANCELLED"}})"));
  EXPECT_EQ(both.filter.states, (std::vector{LinkState::cancelled, LinkState::rejected}));
  EXPECT_EQ(both.limit, 5U);
}

TEST(List, IsTolerantOfNumbersBlanksAndPhpsEmptyArrays) {
  const Server server;
  const auto query = server.query<ListLinks>(
      get("", R"({"filters":[],"pagination":{"pageNumber":2,"recordsPerPage":" 7 "}})"));
  EXPECT_EQ(query.skip, 7U);
  EXPECT_EQ(query.limit, 7U);
  EXPECT_EQ(server.query<ListLinks>(get("", " ")).limit, 10U);
  EXPECT_EQ(server.query<ListLinks>(get("", "[]")).limit, 10U);
  EXPECT_TRUE(
      server.query<ListLinks>(get("", R"({"filters":{"status":""}})")).filter.states.empty());
}

TEST(List, FindsLinksOfOtherDialectsByReference) {
  const auto query =
      Server().query<ListLinks>(get("", R"({"filters":{"referenceNo":"1584856958885"}})"));
  EXPECT_EQ(query.filter.reference, "1584856958885");
}

TEST(List, APageIsCutToTheCap) {
  const Server server;
  EXPECT_EQ(server.query<ListLinks>(get("?recordsPerPage=100000")).limit, kMostRecordsPerPage);
  EXPECT_EQ(server.query<ListLinks>(get("?recordsPerPage=100&pageNumber=4294967295")).skip,
            4294967295U);
}

TEST(List, RefusesWhatItCannotRead) {
  const Server server;
  EXPECT_EQ(server.refusal_code(get("", "{")), "RPI");
  EXPECT_EQ(server.refusal_code(get("", "7")), "RPI");
  EXPECT_EQ(server.refusal_code(get("?a=%zz")), "RPI");
  EXPECT_EQ(server.refusal(get("", R"({"filters":7})")), "The filters must be an array.");
  for (const char* status : {R"("OPEN")", R"(["ISSUED","issued"])", "[1]", "7"}) {
    EXPECT_EQ(server.refusal(get("", R"({"filters":{"status":)" + std::string(status) + "}}")),
              "The selected filters.status is invalid.");
  }
  EXPECT_EQ(server.refusal(get("", R"({"filters":{"linkId":7}})")),
            "The filters.linkId must be a string.");
  for (const char* page : {"0", "-1", "1.5", "abc", "99999999999"}) {
    EXPECT_EQ(server.refusal(get("?pageNumber=" + std::string(page))),
              "The pagination.pageNumber must be an integer of at least 1.");
    EXPECT_EQ(server.refusal(get("?recordsPerPage=" + std::string(page))),
              "The pagination.recordsPerPage must be an integer of at least 1.");
  }
}

TEST(List, AnIdThatIsNobodysFindsNothing) {
  const Server server;
  const auto call = server.parse(get("?linkId=657aa9841b8d3897ff0a84fb"));
  ASSERT_TRUE(call);
  const auto& response = std::get<wire::Response>(call->what);
  EXPECT_EQ(Server::text(response, "statuscode"), "TXN");
  EXPECT_NE(response.body.find(R"("data":{"meta":{"totalPages":0,"currentPage":1,)"
                               R"("totalRecords":0,"recordsOnCurrentPage":0,"recordFrom":0,)"
                               R"("recordTo":0},"records":[]})"),
            std::string::npos)
      << response.body;
}

std::string meta(const Server& server, const Sent& sent, std::size_t on_page, std::uint64_t total) {
  core::LinkPage page;
  for (std::size_t i = 0; i < on_page; ++i) page.links.push_back(testing::link_view(server, i));
  page.total = total;
  const auto response = server.render(sent, testing::answered(page));
  const std::size_t from = response.body.find(R"("meta":)") + 7;
  return response.body.substr(from, response.body.find('}', from) + 1 - from);
}

TEST(List, CountsPagesAndRecordsFromOne) {
  const Server server;
  EXPECT_EQ(meta(server, get("?recordsPerPage=2"), 2, 12),
            R"({"totalPages":6,"currentPage":1,"totalRecords":12,"recordsOnCurrentPage":2,)"
            R"("recordFrom":1,"recordTo":2})");
  EXPECT_EQ(meta(server, get("?recordsPerPage=5&pageNumber=3"), 1, 11),
            R"({"totalPages":3,"currentPage":3,"totalRecords":11,"recordsOnCurrentPage":1,)"
            R"("recordFrom":11,"recordTo":11})");
  EXPECT_EQ(meta(server, get(), 0, 0),
            R"({"totalPages":0,"currentPage":1,"totalRecords":0,"recordsOnCurrentPage":0,)"
            R"("recordFrom":0,"recordTo":0})");
  EXPECT_EQ(meta(server, get("?pageNumber=9"), 0, 11),
            R"({"totalPages":2,"currentPage":9,"totalRecords":11,"recordsOnCurrentPage":0,)"
            R"("recordFrom":0,"recordTo":0})");
}

TEST(List, ShowsARecordAsTheProvidersSampleDoes) {
  const Server server;
  core::LinkView view = testing::link_view(server);
  view.link.methods = static_cast<core::PayMethods>(core::PayMethod::bank);
  const auto response =
      server.render(get(), testing::answered(core::LinkPage{.links = {view}, .total = 1}));
  const auto context = server.context();
  const std::string expected =
      R"("records":[{"amount":120.11,"purpose":"refund","description":"Giving captch payment",)"
      R"("status":"ISSUED","linkId":")" +
      link_id_text(server.ids, view.link.merchant, view.link.id) +
      R"(","contactDetails":{"name":"Instantpay India Limited","email":"help@instantpay.in",)"
      R"("mobile":"9876543742"},"referenceNo":"NA","orderId":")" +
      link_order_id(server.ids, view.link.merchant, view.link.id) + R"(","url":")" +
      link_url(view.link, context) + R"(","qrUrl":")" + qr_url(view.link, context) +
      R"(","paymentModes":["ACCOUNT"],"verifyBene":true,"activatedAt":"2023-11-20 14:02:00",)"
      R"("expiredAt":"2024-04-14 09:59:59"}]}})";
  // data is the fourth key: after it come the envelope's others.
  EXPECT_NE(response.body.find(expected.substr(0, expected.size() - 1)), std::string::npos)
      << response.body;
}

TEST(List, ALinkOfAnotherDialectWithoutTimesShowsItsCreationAndNull) {
  const Server server;
  core::LinkView view = testing::link_view(server);
  view.link.activates_at.reset();
  view.link.expires_at.reset();
  view.link.reference = "1584856958885";
  const auto response =
      server.render(get(), testing::answered(core::LinkPage{.links = {view}, .total = 1}));
  EXPECT_NE(response.body.find(R"("activatedAt":"2024-01-15 09:59:59","expiredAt":null})"),
            std::string::npos)
      << response.body;
  EXPECT_NE(response.body.find(R"("referenceNo":"1584856958885")"), std::string::npos);
}

}  // namespace
}  // namespace disburse::dialects::instantpay
