// Sealed ids: what was sealed opens to itself, and whatever opens is what sealing writes.
#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "cli/keys.hpp"
#include "core/public_id.hpp"
#include "dialects/house/claim_code.hpp"
#include "dialects/instantpay/ids.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/razorpay/sealed_ids.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace disburse::fuzz {
namespace {

using core::IdKind;
using core::LinkId;
using core::MerchantId;
namespace razorpay = dialects::razorpay;

constexpr std::uint64_t kIdMask = (1ULL << core::IdMaker::kIdBits) - 1;

const core::PublicIds& ids() {
  static const cli::ServerKeys keys = [] {
    sys::SecretKey::Array bytes{};
    bytes.fill(0x5a);
    return cli::ServerKeys(sys::SecretKey(bytes));
  }();
  return keys.ids;
}

template <std::size_t size>
std::array<std::uint8_t, size> bytes_of(std::string_view text) {
  std::array<std::uint8_t, size> out{};
  std::transform(text.begin(),
                 text.begin() + static_cast<std::ptrdiff_t>(std::min(size, text.size())),
                 out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return out;
}

// Any bytes as sealed ids. A shape may open by chance; then it is a real one, and has one form.
void check_forged(IdKind kind, MerchantId merchant, std::string_view bytes) {
  unsigned __int128 number = 0;
  for (const std::uint8_t byte : bytes_of<11>(bytes)) number = number << 8 | byte;
  if (const auto id = ids().open83(kind, merchant, number))
    require(ids().seal83(kind, merchant, *id) == number, "an opened id seals to itself (83)");
  const auto short_form = bytes_of<12>(bytes);
  if (const auto id = ids().open96(kind, merchant, short_form))
    require(ids().seal96(kind, merchant, *id) == short_form, "an opened id seals to itself (96)");
  const auto long_form = bytes_of<48>(bytes);
  if (const auto claim = ids().open384(kind, long_form)) {
    require(ids().seal384(kind, claim->merchant, claim->link.value) == long_form,
            "an opened id seals to itself (384)");
  }
  const auto block = bytes_of<16>(bytes);
  if (const auto claim = ids().open_claim(block))
    require(ids().seal_claim(*claim) == block, "an opened claim code seals to itself");
}

void check_text(MerchantId merchant, std::string_view text) {
  for (const razorpay::IdForm& form : {razorpay::kLinkIds, razorpay::kContactIds}) {
    if (const auto id = razorpay::read_id(form, ids(), merchant, text))
      require(razorpay::print_id(form, ids(), merchant, *id) == text, "one id has one text", text);
  }
  if (const auto link = dialects::instantpay::parse_link_id(ids(), merchant, text)) {
    const std::string printed = dialects::instantpay::link_id_text(ids(), merchant, *link);
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    require(printed == lower, "one hex id has one text but for case", text);
  }
  if (const auto claim = dialects::payu::parse_link_id(ids(), text)) {
    std::string plus(text);
    std::replace(plus.begin(), plus.end(), ' ', '+');
    require(dialects::payu::link_id(ids(), claim->merchant, claim->link) == plus,
            "one base64 id has one text but for blanks", text);
  }
  const auto claim = dialects::house::open_code(ids(), text);
  if (claim && text.size() == 22)
    require(core::claim_code(ids(), *claim) == text, "one claim code has one text", text);
  for (const std::size_t digits : {std::size_t{14}, std::size_t{22}}) {
    if (const auto value = core::parse_base62(text, digits))
      require(core::base62(*value, digits) == text, "one number has one text in base 62", text);
  }
}

void check_real(IdKind kind, MerchantId merchant, std::uint64_t id) {
  const auto is_id = [id](const auto& opened) { return opened && *opened == id; };
  require(is_id(ids().open83(kind, merchant, ids().seal83(kind, merchant, id))),
          "a sealed id opens (83)");
  require(is_id(ids().open96(kind, merchant, ids().seal96(kind, merchant, id))),
          "a sealed id opens (96)");
  const core::Claim claim{merchant, LinkId{id}};
  const auto opened = ids().open384(kind, ids().seal384(kind, merchant, id));
  require(opened && *opened == claim, "a sealed id opens (384)");
  require(core::parse_claim_code(ids(), core::claim_code(ids(), claim)) == claim,
          "a claim code opens");
  const auto read =
      razorpay::read_id(razorpay::kPayoutIds, ids(), merchant,
                        razorpay::print_id(razorpay::kPayoutIds, ids(), merchant, id));
  require(read && *read == id, "a printed id is read");
}

// One changed bit of a form that has 32 bits or more to check is refused; of the shortest it must
// at least not open to the same id.
void check_changed(IdKind kind, MerchantId merchant, std::uint64_t id, std::uint32_t bit) {
  auto long_form = ids().seal384(kind, merchant, id);
  long_form[bit % 384 / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  require(!ids().open384(kind, long_form), "a changed bit is refused (384)");
  const auto other = static_cast<IdKind>(static_cast<int>(kind) % 9 + 1);
  require(!ids().open384(other, ids().seal384(kind, merchant, id)), "a kind is not another's");
  auto block = ids().seal_claim({merchant, LinkId{id}});
  block[bit % 128 / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  require(!ids().open_claim(block), "a changed bit is refused (claim code)");
  const auto changed = ids().seal83(kind, merchant, id) ^ static_cast<unsigned __int128>(1)
                                                              << bit % 80;
  const auto opened = ids().open83(kind, merchant, changed);
  require(!opened || *opened != id, "two texts never open to one id (83)");
}

}  // namespace

void fuzz_ids(std::string_view input) {
  Choices choices(input);
  const auto kind = static_cast<IdKind>(1 + choices.below(9));
  const MerchantId merchant{1 + static_cast<std::uint32_t>(choices.number() & 0xffff'fffe)};
  const std::uint64_t id = std::max<std::uint64_t>(choices.number() & kIdMask, 1);
  const std::uint32_t bit = choices.byte() * 3U;
  check_real(kind, merchant, id);
  check_changed(kind, merchant, id, bit);
  check_forged(kind, merchant, choices.rest());
  check_text(merchant, choices.rest());
}

}  // namespace disburse::fuzz
