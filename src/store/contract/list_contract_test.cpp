// Lists of links against a naive model: every filter alone and all combinations that chance makes.
#include "core/recipient.hpp"
#include "store/contract/contract_test.hpp"

namespace disburse::store {
namespace {

using core::LinkFilter;
using core::LinkView;

constexpr core::MerchantId kMerchant{1};
constexpr int kLinks = 150;

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string last_ten_digits(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits.size() > 10 ? digits.substr(digits.size() - 10) : digits;
}

bool same_phone(const std::string& a, const std::string& b) {
  return !a.empty() && !last_ten_digits(a).empty() && last_ten_digits(a) == last_ten_digits(b);
}

bool text_matches(const core::Contact& contact, const std::string& text) {
  if (lower(contact.name).find(lower(text)) != std::string::npos) return true;
  const bool mail = text.find('@') != std::string::npos;
  if (mail) return lower(contact.email) == lower(text);
  return same_phone(contact.phone, text);
}

// The filter as its header reads, one field a line.
bool is_in(const LinkView& view, const LinkFilter& filter, core::Instant now) {
  const core::Link& link = view.link;
  bool in = true;
  if (!filter.states.empty()) {
    in = in && std::count(filter.states.begin(), filter.states.end(), state_at(link, now)) > 0;
  }
  if (filter.id) in = in && link.id == filter.id;
  if (filter.contact) in = in && link.contact == filter.contact;
  if (filter.fund_account) in = in && link.fund_account == filter.fund_account;
  if (!filter.reference.empty()) in = in && link.reference == filter.reference;
  if (!filter.purpose.empty()) in = in && link.purpose == filter.purpose;
  if (!filter.phone.empty()) in = in && same_phone(view.contact.phone, filter.phone);
  if (!filter.email.empty()) in = in && lower(view.contact.email) == lower(filter.email);
  if (!filter.contact_text.empty()) in = in && text_matches(view.contact, filter.contact_text);
  if (filter.from) in = in && link.created_at >= *filter.from;
  if (filter.to) in = in && link.created_at <= *filter.to;
  return in;
}

class StoreLists : public ContractTest {
 protected:
  void SetUp() override;
  const LinkView& any() { return made_[rows_.below(made_.size())]; }
  // Fields taken from links that are there, so that there is something to find; now and then not.
  void add_field(int field, LinkFilter& filter);
  void add_contact_field(int field, LinkFilter& filter);
  void expect_as_model(const core::ListLinks& query, core::Instant now);

  std::vector<LinkView> made_;  // newest first
};
INSTANTIATE_TEST_SUITE_P(Each, StoreLists, testing::ValuesIn(store_kinds()), kind_name);
constexpr int kFields = 11;

void StoreLists::SetUp() {
  constexpr const char* kNames[] = {"Gaurav Kumar", "gaurav", "100% Cotton", "a_b", "back\\slash"};
  constexpr const char* kPhones[] = {"9000090000", "+919000090000", "09111111111", "12345", ""};
  constexpr const char* kEmails[] = {"Gaurav.Kumar@example.com", "a@b.example", ""};
  core::Changes changes;
  for (int i = 0; i < kLinks; ++i) {
    core::Contact contact = rows_.contact(rows_.below(10) == 0 ? core::MerchantId{2} : kMerchant);
    contact.name = kNames[rows_.below(5)];
    contact.phone = kPhones[rows_.below(5)];
    contact.email = kEmails[rows_.below(3)];
    const core::FundAccount account = rows_.fund_account(contact);
    core::Link link = rows_.link(contact);
    link.reference = rows_.coin() ? "ref-" + std::to_string(rows_.below(5)) : "";
    link.purpose = rows_.coin() ? "refund" : "cashback";
    if (rows_.coin()) link.fund_account = account.id;
    if (rows_.coin()) {
      // The time of the id, as the engine's links have; the others do not.
      link.created_at = core::made_at(link.id.value) + core::Duration(rows_.below(3));
    }
    changes.contacts.push_back(contact);
    changes.fund_accounts.push_back(account);
    changes.links.push_back(link);
    if (contact.merchant != kMerchant) continue;
    LinkView view{.link = link, .contact = contact, .fund_account = {}, .payout = {}};
    if (link.fund_account) view.fund_account = account;
    made_.insert(made_.begin(), view);
  }
  must_commit(changes);
}

void StoreLists::add_field(int field, LinkFilter& filter) {
  const core::Link& link = any().link;
  switch (field) {
    case 0:
      filter.id = link.id;
      return;
    case 1:
      filter.contact = link.contact;
      return;
    case 2:
      filter.fund_account = link.fund_account;
      return;
    case 3:
      filter.reference = rows_.below(5) == 0 ? "none" : link.reference;
      return;
    case 4:
      filter.purpose = link.purpose;
      return;
    case 5:
      filter.from = link.created_at;
      return;
    case 6:
      filter.to = link.created_at;
      return;
    case 7:
      filter.states = {link.state, static_cast<core::LinkState>(1 + rows_.below(8))};
      return;
    default:
      return add_contact_field(field, filter);
  }
}

void StoreLists::add_contact_field(int field, LinkFilter& filter) {
  const core::Contact& contact = any().contact;
  if (field == 8) filter.phone = rows_.coin() ? contact.phone : last_ten_digits(contact.phone);
  if (field == 9) filter.email = rows_.coin() ? contact.email : lower(contact.email);
  if (field != 10) return;
  const std::string texts[] = {contact.name,
                               contact.name.substr(1, 3),
                               lower(contact.name),
                               contact.phone,
                               contact.email,
                               "%",
                               "_",
                               "nobody"};
  filter.contact_text = texts[rows_.below(8)];
}

void StoreLists::expect_as_model(const core::ListLinks& query, core::Instant now) {
  std::vector<LinkView> model;
  for (const LinkView& view : made_) {
    if (is_in(view, query.filter, now)) model.push_back(view);
  }
  auto page = reader()->list_links(query, now);
  ASSERT_TRUE(page) << page.error().detail;
  if (query.want_total) {
    ASSERT_TRUE(page->total);
    EXPECT_EQ(*page->total, model.size());
  } else {
    EXPECT_FALSE(page->total);
  }
  const std::size_t begin = std::min<std::size_t>(query.skip, model.size());
  const std::size_t end = std::min<std::size_t>(begin + query.limit, model.size());
  ASSERT_EQ(page->links.size(), end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    const LinkView& found = page->links[i - begin];
    EXPECT_EQ(found.link, model[i].link);
    EXPECT_EQ(found.contact, model[i].contact);
    EXPECT_EQ(found.fund_account, model[i].fund_account);
  }
}

TEST_P(StoreLists, WithoutAFilterAllOfTheMerchantAreListedNewestFirst) {
  expect_as_model({.merchant = kMerchant, .filter = {}, .limit = 1'000, .want_total = true},
                  rows_.instant());
  const auto nobodys =
      *reader()->list_links({.merchant = {3}, .filter = {}, .want_total = true}, rows_.instant());
  EXPECT_TRUE(nobodys.links.empty());
  EXPECT_EQ(nobodys.total, 0U);
}

TEST_P(StoreLists, PagesFollowOneAnother) {
  for (std::uint32_t skip = 0; skip < kLinks + 20; skip += 20) {
    expect_as_model({.merchant = kMerchant, .filter = {}, .skip = skip, .limit = 20},
                    rows_.instant());
  }
}

TEST_P(StoreLists, EachFilterAloneListsWhatItSays) {
  for (int field = 0; field < kFields; ++field) {
    for (int round = 0; round < 12; ++round) {
      SCOPED_TRACE("field " + std::to_string(field));
      core::ListLinks query{.merchant = kMerchant, .filter = {}, .limit = 100, .want_total = true};
      add_field(field, query.filter);
      expect_as_model(query, rows_.instant());
    }
  }
}

TEST_P(StoreLists, FiltersTogetherListWhatAllOfThemSay) {
  for (int round = 0; round < 300; ++round) {
    core::ListLinks query{.merchant = kMerchant, .filter = {}, .limit = 100, .want_total = true};
    for (std::uint64_t count = 2 + rows_.below(2); count > 0; --count) {
      add_field(static_cast<int>(rows_.below(kFields)), query.filter);
    }
    query.skip = static_cast<std::uint32_t>(rows_.below(4));
    query.limit = static_cast<std::uint32_t>(rows_.below(10));
    query.want_total = rows_.coin();
    expect_as_model(query, rows_.instant());
  }
}

TEST_P(StoreLists, ADeadlineThatHasPassedCountsBeforeItsTimerHasRun) {
  for (int state = 1; state <= 8; ++state) {
    for (const std::int64_t ms :
         {0LL, 1'700'000'000'000LL, 1'700'005'000'000LL, 1'800'000'000'000LL}) {
      core::ListLinks query{.merchant = kMerchant, .filter = {}, .limit = 200, .want_total = true};
      query.filter.states = {static_cast<core::LinkState>(state)};
      expect_as_model(query, core::Instant::from_ms(ms));
    }
  }
}

TEST_P(StoreLists, ANameIsSearchedAsItIsWrittenAndNotAsAPattern) {
  core::ListLinks query{.merchant = kMerchant, .filter = {}, .limit = 200, .want_total = true};
  for (const char* text : {"%", "_", "\\", "0%", "_b", "k\\s", "GAURAV", "kumar"}) {
    query.filter.contact_text = text;
    expect_as_model(query, rows_.instant());
  }
}

}  // namespace
}  // namespace disburse::store
