// The documents that are made from tables.
#include "core/dump.hpp"

#include <array>
#include <iterator>
#include <string_view>

#include "core/error.hpp"
#include "core/link_lifecycle.hpp"
#include "core/payout_lifecycle.hpp"

namespace disburse::core {
namespace {

constexpr std::string_view kPrinted = "<!-- Printed by disburse_dump; not written by hand. -->\n";

std::string code(std::string_view word) { return "`" + std::string(word) + "`"; }

std::string row(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string header(std::initializer_list<std::string> cells) {
  std::string line = row(cells) + "|";
  for (std::size_t i = 0; i < cells.size(); ++i) line += "---|";
  return line + "\n";
}

std::string from_text(std::string_view state) { return state == "none" ? "(new)" : code(state); }

// A state of a diagram; [*] is Mermaid's start and end.
std::string node(std::string_view state) { return state == "none" ? "[*]" : std::string(state); }

std::string link_table() {
  std::string text = header({"from", "on", "to", "money", "tells the merchant"});
  for (const LinkTransition& t : link_lifecycle::kTable) {
    const std::string money = t.money == MoneyMove::none ? "–" : std::string(name(t.money));
    const std::string tells = t.tell == Topic::none ? "–" : code(name(t.tell));
    text += row({from_text(name(t.from)), code(name(t.on)), code(name(t.to)), money, tells});
  }
  return text;
}

std::string payout_table() {
  std::string text = header({"from", "on", "to"});
  for (const PayoutTransition& t : payout_lifecycle::kTable) {
    text += row({from_text(name(t.from)), code(name(t.on)), code(name(t.to))});
  }
  return text;
}

template <class Table, class IsFinal>
std::string diagram(const Table& table, std::size_t states, IsFinal is_final_state) {
  std::string text = "```mermaid\nstateDiagram-v2\n";
  for (const auto& t : table) {
    text += "  " + node(name(t.from)) + " --> " + node(name(t.to)) + ": " +
            std::string(name(t.on)) + "\n";
  }
  for (std::size_t i = 1; i < states; ++i) {
    if (is_final_state(i)) text += "  " + node(is_final_state.name_of(i)) + " --> [*]\n";
  }
  return text + "```\n";
}

struct LinkEnds {
  static std::string_view name_of(std::size_t i) { return name(static_cast<LinkState>(i)); }
  bool operator()(std::size_t i) const { return is_final(static_cast<LinkState>(i)); }
};

// A payout's end is where no row leads out of; a settled one may still be reversed.
struct PayoutEnds {
  static std::string_view name_of(std::size_t i) { return name(static_cast<PayoutState>(i)); }
  bool operator()(std::size_t i) const {
    const auto state = static_cast<PayoutState>(i);
    if (state == PayoutState::settled) return true;
    for (const PayoutTransition& t : payout_lifecycle::kTable) {
      if (t.from == state) return false;
    }
    return true;
  }
};

template <class Ends>
std::string ends_list(std::size_t states, Ends ends) {
  std::string text;
  for (std::size_t i = 1; i < states; ++i) {
    if (!ends(i)) continue;
    if (!text.empty()) text += ", ";
    text += code(Ends::name_of(i));
  }
  return text;
}

std::string_view meaning(Kind kind) {
  switch (kind) {
    case Kind::bad_request:
      return "the request is wrong and will be wrong again";
    case Kind::unauthorised:
      return "who is calling is unknown";
    case Kind::forbidden:
      return "who is calling may not do this";
    case Kind::not_found:
      return "there is no such thing, or it is somebody else's";
    case Kind::conflict:
      return "the thing is in a state in which this is refused";
    case Kind::limited:
      return "too often, too many or too large; later may work";
    case Kind::unavailable:
      return "this server cannot do it now; nothing was changed";
    case Kind::internal:
      return "our own mistake";
  }
  return {};
}

}  // namespace

std::string lifecycle_document() {
  std::string text = "# Life cycles\n\n";
  text += kPrinted;
  text +=
      "\nWhatever is not a row here is refused. The tables are `src/core/link_lifecycle.hpp` and\n"
      "`src/core/payout_lifecycle.hpp`; no other line of the program assigns a state.\n\n"
      "## Links\n\n";
  text += link_table();
  text += "\nFinal: " + ends_list(kLinkStateCount, LinkEnds{}) + ".\n\n";
  text += diagram(link_lifecycle::kTable, kLinkStateCount, LinkEnds{});
  text +=
      "\n## Payouts\n\nA payout is one try to move money for a link. `unknown` is asked about "
      "again with the same key "
      "until the\nbank says; no timer fails it.\n\n";
  text += payout_table();
  text += "\nFinal: " + ends_list(kPayoutStateCount, PayoutEnds{}) +
          " (a settled one can still be reversed).\n\n";
  text += diagram(payout_lifecycle::kTable, kPayoutStateCount, PayoutEnds{});
  return text;
}

std::string errors_document() {
  std::string text = "# Errors\n\n";
  text += kPrinted;
  text +=
      "\nEvery refusal has one of these codes (`src/core/error.hpp`). What a code becomes on the "
      "wire is a row of each "
      "dialect's\n`errors.cpp`. Where several hold, the earlier is reported. A code is never "
      "renamed or reused.\n\n";
  text += header({"kind", "how to take it"});
  for (const Kind k : {Kind::bad_request, Kind::unauthorised, Kind::forbidden, Kind::not_found,
                       Kind::conflict, Kind::limited, Kind::unavailable, Kind::internal}) {
    text += row({code(name(k)), std::string(meaning(k))});
  }
  text += "\n" + header({"code", "kind", "text"});
  for (std::size_t i = 0; i < kCodeCount; ++i) {
    const auto c = static_cast<Code>(i);
    text += row({code(name(c)), code(name(kind(c))), std::string(disburse::core::text(c))});
  }
  return text;
}

}  // namespace disburse::core
