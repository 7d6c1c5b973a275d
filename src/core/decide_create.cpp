// Making a link: the rules that hold whatever the dialect.
#include <algorithm>

#include "core/draft.hpp"
#include "core/recipient.hpp"

namespace disburse::core {
namespace {

Result<void> check_text(std::string_view text, std::size_t longest, std::string_view field) {
  if (text.size() > longest) return fail(Code::field_too_long, field);
  if (!is_clean_text(text, true)) return fail(Code::field_invalid, field);
  return {};
}

Result<void> check_notes(const Notes& notes) {
  if (notes.size() > limits::kNotes) return fail(Code::notes_too_many, "notes");
  for (const auto& [key, value] : notes) {
    if (key.size() > limits::kNoteKeyLength || value.size() > limits::kNoteValueLength) {
      return fail(Code::notes_too_long, "notes");
    }
    if (!is_clean_text(key, true) || !is_clean_text(value, true))
      return fail(Code::field_invalid, "notes");
  }
  return {};
}

Result<void> check_times(const CreateLink& command, Instant now) {
  if (!command.expires_at) return {};
  if (*command.expires_at <= now || *command.expires_at - now > limits::kLongestLinkLife) {
    return fail(Code::expiry_invalid, "expires_at");
  }
  // Whole seconds on both sides, so that a client that asks for exactly the least gets it.
  if (command.expires_at->seconds() < (now + command.least_life).seconds())
    return fail(Code::expiry_invalid, "expires_at");
  if (command.activates_at && *command.activates_at >= *command.expires_at) {
    return fail(Code::activation_invalid, "activates_at");
  }
  return {};
}

Result<void> check(const CreateLink& command, Instant now) {
  if (command.amount.is_zero()) return fail(Code::amount_invalid, "amount");
  if (command.amount.paise() > limits::kLargestLinkPaise)
    return fail(Code::amount_too_large, "amount");
  if (command.reference.size() > limits::kReferenceLength)
    return fail(Code::reference_too_long, "reference");
  CHECK(check_text(command.reference, limits::kReferenceLength, "reference"));
  CHECK(check_text(command.contact_name, limits::kNameLength, "name"));
  CHECK(check_text(command.description, limits::kDescriptionLength, "description"));
  CHECK(check_text(command.purpose, limits::kPurposeLength, "purpose"));
  if (!command.phone.empty()) CHECK(parse_phone(command.phone));
  if (!command.email.empty()) CHECK(parse_email(command.email));
  CHECK(check_notes(command.notes));
  return check_times(command, now);
}

Result<Contact> contact_for(const CreateLink& command, const Loaded& loaded, const Means& means) {
  if (command.contact_id) {
    const Contact* contact = loaded.contact(command.merchant, command.contact_id);
    if (contact == nullptr) return fail(Code::contact_not_found, "contact_id");
    return *contact;
  }
  Contact contact;
  contact.merchant = command.merchant;
  contact.id = means.ids.make<ContactId>(means.now);
  contact.name = command.contact_name;
  contact.type = command.contact_type;
  contact.phone = command.phone;
  contact.email = command.email;
  contact.created_at = means.now;
  return contact;
}

// Without a contact there is nobody to prove anything to.
bool needs_otp(const CreateLink& command, const Contact& contact, OtpRule rule) {
  if (contact.phone.empty() && contact.email.empty()) return false;
  return rule == OtpRule::always || command.otp_required.value_or(false);
}

Link new_link(const CreateLink& command, const Contact& contact, const Merchant& merchant,
              const Means& means) {
  Link link;
  link.merchant = command.merchant;
  link.id = means.ids.make<LinkId>(means.now);
  link.amount = command.amount;
  link.dialect = command.dialect;
  link.variant = command.variant;
  link.reference = command.reference;
  link.purpose = command.purpose;
  link.description = command.description;
  link.contact = contact.id;
  link.methods = command.methods;
  link.otp_required = needs_otp(command, contact, merchant.settings.otp);
  link.verify_beneficiary = command.verify_beneficiary;
  link.send_sms = command.send_sms;
  link.send_email = command.send_email;
  link.notes = command.notes;
  link.created_at = means.now;
  link.updated_at = means.now;
  link.activates_at = command.activates_at;
  link.expires_at = command.expires_at;
  return link;
}

LinkEvent first_event(const CreateLink& command, const Settings& settings, Instant now) {
  const bool approval = settings.approval_above && command.amount > *settings.approval_above &&
                        !command.skip_approval;
  if (approval) return LinkEvent::create_for_approval;
  if (command.activates_at && *command.activates_at > now) return LinkEvent::create_for_later;
  return LinkEvent::create;
}

}  // namespace

Result<Decision> decide_create(const CreateLink& command, const Loaded& loaded,
                               const Means& means) {
  const Merchant* merchant = loaded.merchant(command.merchant);
  if (merchant == nullptr) return fail(Code::merchant_not_found);
  CHECK(check(command, means.now));
  const bool taken = command.reference_unique && !command.reference.empty() &&
                     loaded.link_by_reference(command.merchant, command.reference) != nullptr;
  if (taken) return fail(Code::reference_taken, "reference");
  const Contact contact = TRY(contact_for(command, loaded, means));

  Draft draft(loaded, means);
  draft.take(new_link(command, contact, *merchant, means), contact);
  const LinkEvent event = first_event(command, merchant->settings, means.now);
  CHECK(draft.move(event, command.dialect));
  if (event == LinkEvent::create) draft.tell_contact(Notice::link_issued);
  if (event == LinkEvent::create_for_later)
    draft.add_task(TaskKind::activate_link, *command.activates_at);
  draft.add_expiry_timer();
  if (!command.contact_id) draft.changes().contacts.push_back(contact);
  if (command.reference_unique && !command.reference.empty())
    draft.changes().references_taken.emplace_back(command.merchant, command.reference);
  return draft.finish_with_view();
}

}  // namespace disburse::core
