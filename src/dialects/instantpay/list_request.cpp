#include "dialects/instantpay/list_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "dialects/instantpay/errors.hpp"
#include "dialects/instantpay/list.hpp"
#include "dialects/instantpay/request.hpp"
#include "dialects/instantpay/words.hpp"
#include "wire/form.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::fail;
using core::Result;
using wire::JsonValue;

// The texts of one field: none when it is not there, several for a list of states.
using Texts = std::vector<std::string>;

struct Fields {
  Texts status;
  Text contact;
  Text link_id;
  Text reference;
  Text page;
  Text size;
};

// The provider's table calls the type String, its sample is a list.
Result<Texts> read_texts(const JsonValue& object, std::string_view key, std::string_view field) {
  const JsonValue* member = present(object, key);
  if (member == nullptr) return Texts{};
  if (!member->is_array()) {
    const Text text = TRY(read_text(object, key, field));
    return text ? Texts{*text} : Texts{};
  }
  Texts texts;
  for (const JsonValue& element : *member) {
    if (!element.is_string()) return fail(Code::field_invalid, field);
    texts.emplace_back(trimmed(element.text()));
  }
  return texts;
}

Result<Fields> fields_of_body(const JsonValue& body) {
  Fields fields;
  if (const JsonValue* filters = TRY(read_object(body, "filters", field::kFilters))) {
    fields.status = TRY(read_texts(*filters, "status", field::kFilterStatus));
    fields.contact = TRY(read_text(*filters, "contact", field::kFilterContact, Digits::taken));
    fields.link_id = TRY(read_text(*filters, "linkId", field::kFilterLinkId));
    fields.reference =
        TRY(read_text(*filters, "referenceNo", field::kFilterReference, Digits::taken));
  }
  if (const JsonValue* pagination = TRY(read_object(body, "pagination", field::kPagination))) {
    fields.page = TRY(read_text(*pagination, "pageNumber", field::kPageNumber, Digits::taken));
    fields.size = TRY(read_text(*pagination, "recordsPerPage", field::kPageSize, Digits::taken));
  }
  return fields;
}

// "filters[status][]" and "filters[status][0]" are "filters.status": PHP's way of writing nested
// fields in a query.
std::string canonical(std::string_view name) {
  std::string dotted;
  for (const char c : name) {
    if (c == '[') {
      dotted += '.';
    } else if (c != ']') {
      dotted += c;
    }
  }
  const std::size_t last = dotted.find_last_not_of("0123456789");
  if (last != std::string::npos && dotted[last] == '.') dotted.resize(last);
  return dotted;
}

// Under its full name ("filters.status") or its last part ("status").
Texts texts_of(const wire::Form& query, std::string_view field) {
  const std::string_view last = field.substr(field.rfind('.') + 1);
  Texts texts;
  for (const wire::FormPair& pair : query.pairs()) {
    const std::string name = canonical(pair.name);
    if (name != field && name != last) continue;
    const std::string_view value = trimmed(pair.value);
    if (!value.empty()) texts.emplace_back(value);
  }
  return texts;
}

Text text_of(const wire::Form& query, std::string_view field) {
  Texts texts = texts_of(query, field);
  return texts.empty() ? Text() : Text(std::move(texts.front()));
}

void add_query(Fields& fields, const wire::Form& query) {
  if (fields.status.empty()) fields.status = texts_of(query, field::kFilterStatus);
  if (!fields.contact) fields.contact = text_of(query, field::kFilterContact);
  if (!fields.link_id) fields.link_id = text_of(query, field::kFilterLinkId);
  if (!fields.reference) fields.reference = text_of(query, field::kFilterReference);
  if (!fields.page) fields.page = text_of(query, field::kPageNumber);
  if (!fields.size) fields.size = text_of(query, field::kPageSize);
}

Result<std::vector<core::LinkState>> states_named(const Texts& words) {
  std::vector<core::LinkState> states;
  for (const std::string& word : words) {
    if (word.empty()) continue;
    const auto named = states_of(word);
    if (named.empty()) return fail(Code::field_invalid, field::kFilterStatus);
    states.insert(states.end(), named.begin(), named.end());
  }
  return states;
}

Result<std::uint32_t> positive(const Text& text, std::uint32_t otherwise, std::string_view field) {
  if (!text) return otherwise;
  std::uint32_t value = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value == 0) {
    return fail(Code::field_invalid, field);
  }
  return value;
}

}  // namespace

Result<ListAsked> read_list(const wire::Request& request) {
  const wire::JsonDocument body = TRY(read_body(request, Body::optional));
  Fields fields = TRY(fields_of_body(body.root()));
  add_query(fields, TRY(wire::Form::parse(request.query)));
  ListAsked asked;
  asked.states = TRY(states_named(fields.status));
  asked.contact = fields.contact.value_or("");
  asked.link_id = fields.link_id.value_or("");
  asked.reference = fields.reference.value_or("");
  asked.page = TRY(positive(fields.page, 1, field::kPageNumber));
  const std::uint32_t size = TRY(positive(fields.size, kDefaultRecordsPerPage, field::kPageSize));
  asked.size = std::min(size, kMostRecordsPerPage);
  return asked;
}

}  // namespace disburse::dialects::instantpay
