-- The first schema: one for SQLite, PostgreSQL, Citus, YugabyteDB and CockroachDB.
--
-- Rules: merchant_id is the first column of every primary key and unique index, but in the small
-- tables that belong to no merchant (merchant, credential, refresh_token, audit, store_state,
-- writer, node_lease, schema_migration); a counter by address has merchant 0. Ids come from the program. No triggers,
-- generated columns or defaults; times are milliseconds since 1970, money is paise, flags are 0 and
-- 1, and enums are the numbers of src/store/stored_numbers.hpp. BYTEA columns are bytes: packed
-- lists (store/pack.hpp), hashes, or sealed values (store/vault.hpp).
--
-- "/* shared */" before a statement: only where several processes work on one store, so not in
-- SQLite. "/* clustered */" becomes WITHOUT ROWID in SQLite, where a row is so short (SQLite advises a
-- twentieth of a page) that one tree is better than a table and an index of it. A file that has
-- been released is never changed: stores remember its checksum.

create table merchant (
  merchant_id BIGINT not null,
  name TEXT not null,
  mode SMALLINT not null,
  account_number TEXT not null,
  allowed_addresses BYTEA not null,
  hold_at SMALLINT not null,
  otp_rule SMALLINT not null,
  link_life_ms BIGINT not null,
  expiry_feature SMALLINT not null,
  approval_above_paise BIGINT,
  purposes BYTEA not null,
  contact_types BYTEA not null,
  support_contact TEXT not null,
  created_at BIGINT not null,
  primary key (merchant_id)
);

create table balances (
  merchant_id BIGINT not null,
  version BIGINT not null,
  deposited_paise BIGINT not null,
  available_paise BIGINT not null,
  held_paise BIGINT not null,
  paid_paise BIGINT not null,
  primary key (merchant_id)
) /* clustered */;

-- reference never changes after the first version, so link_reference is written once.
create table link (
  merchant_id BIGINT not null,
  link_id BIGINT not null,
  version BIGINT not null,
  state SMALLINT not null,
  amount_paise BIGINT not null,
  dialect TEXT not null,
  variant TEXT not null,
  reference TEXT not null,
  purpose TEXT not null,
  description TEXT not null,
  contact_id BIGINT not null,
  methods SMALLINT not null,
  otp_required SMALLINT not null,
  verify_beneficiary SMALLINT not null,
  send_sms SMALLINT not null,
  send_email SMALLINT not null,
  held SMALLINT not null,
  attempts BIGINT not null,
  notices BIGINT not null,
  history_rows BIGINT not null,
  fund_account_id BIGINT not null,
  payout_id BIGINT not null,
  notes BYTEA not null,
  otp BYTEA,
  created_at BIGINT not null,
  activates_at BIGINT,
  expires_at BIGINT,
  cancelled_at BIGINT,
  expired_at BIGINT,
  updated_at BIGINT not null,
  primary key (merchant_id, link_id)
);

-- The one index of a create that is not in the order of time. Merchants count their references up,
-- or begin them with a date, so the text itself keeps most inserts near the last one; a hash of it
-- would spread every insert over the whole tree. Links without a reference have no row.
-- A link that was to be the only one with its reference stands under link_id 0, and its id in
-- only_link_id: of two that are made at once, the second is refused.
create table link_reference (
  merchant_id BIGINT not null,
  reference TEXT not null,
  link_id BIGINT not null,
  only_link_id BIGINT,
  primary key (merchant_id, reference, link_id)
) /* clustered */;

-- Without recipient_key the details of this contact, and of its fund accounts, cannot be opened any
-- more. The hashes of phone and e-mail have no index: it would be another one in random order on
-- every create. Lists by phone or e-mail walk the merchant's links, newest first.
create table contact (
  merchant_id BIGINT not null,
  contact_id BIGINT not null,
  name TEXT not null,
  type TEXT not null,
  phone_hash BIGINT not null,
  email_hash BIGINT not null,
  recipient_key BYTEA,
  details BYTEA not null,
  created_at BIGINT not null,
  primary key (merchant_id, contact_id)
);

create table fund_account (
  merchant_id BIGINT not null,
  fund_account_id BIGINT not null,
  contact_id BIGINT not null,
  method SMALLINT not null,
  ifsc TEXT not null,
  details BYTEA not null,
  created_at BIGINT not null,
  primary key (merchant_id, fund_account_id)
);

create table payout (
  merchant_id BIGINT not null,
  payout_id BIGINT not null,
  version BIGINT not null,
  link_id BIGINT not null,
  fund_account_id BIGINT not null,
  state SMALLINT not null,
  amount_paise BIGINT not null,
  mode TEXT not null,
  rail TEXT not null,
  bank_key TEXT not null,
  utr TEXT not null,
  reason TEXT not null,
  reason_text TEXT not null,
  verified_name TEXT not null,
  created_at BIGINT not null,
  sent_at BIGINT,
  ended_at BIGINT,
  primary key (merchant_id, payout_id)
);
create index payout_by_link on payout (merchant_id, link_id, payout_id);

create table history (
  merchant_id BIGINT not null,
  link_id BIGINT not null,
  number BIGINT not null,
  kind SMALLINT not null,
  event SMALLINT not null,
  from_state SMALLINT not null,
  to_state SMALLINT not null,
  happened_at BIGINT not null,
  actor TEXT not null,
  note TEXT not null,
  payout_id BIGINT not null,
  fund_account_id BIGINT not null,
  primary key (merchant_id, link_id, number)
) /* clustered */;

create table posting (
  merchant_id BIGINT not null,
  posting_id BIGINT not null,
  move SMALLINT not null,
  amount_paise BIGINT not null,
  link_id BIGINT not null,
  payout_id BIGINT not null,
  posted_at BIGINT not null,
  primary key (merchant_id, posting_id)
) /* clustered */;
create index posting_by_link on posting (merchant_id, link_id, posting_id);

-- Timers and outbox rows. Both are worked off from task_due, oldest first; is_timer tells them
-- apart. Where several processes work them off, each takes its own until leased_until (0: free).
create table task (
  merchant_id BIGINT not null,
  task_id BIGINT not null,
  is_timer SMALLINT not null,
  kind SMALLINT not null,
  due_at BIGINT not null,
  tries BIGINT not null,
  link_id BIGINT not null,
  payout_id BIGINT not null,
  delivery_id BIGINT not null,
  topic SMALLINT not null,
  happened_at BIGINT not null,
  state SMALLINT not null,
  attempts BIGINT not null,
  fund_account_id BIGINT not null,
  notice SMALLINT not null,
  channel SMALLINT not null,
  otp_nonce BIGINT not null,
  leased_until BIGINT not null,
  leased_by BIGINT not null,
  primary key (merchant_id, task_id)
) /* clustered */;
create index task_due on task (is_timer, due_at, task_id, merchant_id);
-- Payouts that wait for balance (kind 2): the only tasks that are asked for by kind, and few.
create index task_queued on task (merchant_id, task_id) where kind = 2;
-- Announcements (kind 3) of one link are carried one after the other, whoever carries them.
/* shared */ create index task_announce on task (merchant_id, link_id, task_id) where kind = 3;

create table endpoint (
  merchant_id BIGINT not null,
  endpoint_id BIGINT not null,
  dialect TEXT not null,
  url TEXT not null,
  secrets BYTEA not null,
  events BYTEA not null,
  all_links SMALLINT not null,
  created_at BIGINT not null,
  disabled_at BIGINT,
  primary key (merchant_id, endpoint_id)
);

-- Only state, tries and due_at change after the first write.
create table delivery (
  merchant_id BIGINT not null,
  delivery_id BIGINT not null,
  link_id BIGINT not null,
  endpoint_id BIGINT not null,
  state SMALLINT not null,
  event TEXT not null,
  event_id TEXT not null,
  target BYTEA not null,
  body BYTEA not null,
  tries BIGINT not null,
  created_at BIGINT not null,
  due_at BIGINT not null,
  replay_of BIGINT not null,
  primary key (merchant_id, delivery_id)
);
create index delivery_by_link on delivery (merchant_id, link_id, delivery_id);
create index delivery_by_endpoint on delivery (merchant_id, endpoint_id, delivery_id);

create table attempt (
  merchant_id BIGINT not null,
  delivery_id BIGINT not null,
  number BIGINT not null,
  happened_at BIGINT not null,
  took_ms BIGINT not null,
  status BIGINT not null,
  answer BYTEA not null,
  acknowledged SMALLINT not null,
  primary key (merchant_id, delivery_id, number)
);

-- Known by 128 bits of a keyed hash of its key, so that the index in random order stays narrow; the
-- bodies lie beside it in the order of time.
create table stored_reply (
  merchant_id BIGINT not null,
  key_hash BYTEA not null,
  reply_key BYTEA not null,
  request_hash BYTEA not null,
  status BIGINT not null,
  content_type TEXT not null,
  body BYTEA not null,
  replied_at BIGINT not null,
  primary key (merchant_id, key_hash)
);

create table counter (
  merchant_id BIGINT not null,
  counter_key BYTEA not null,
  window_start BIGINT not null,
  count BIGINT not null,
  primary key (merchant_id, counter_key)
) /* clustered */;

create table credential (
  dialect TEXT not null,
  kind TEXT not null,
  name TEXT not null,
  credential_id BIGINT not null,
  merchant_id BIGINT not null,
  secret_hash BYTEA not null,
  readable_secret BYTEA not null,
  created_at BIGINT not null,
  revoked_at BIGINT,
  primary key (dialect, kind, name)
);
create unique index credential_by_id on credential (credential_id);
create index credential_by_merchant on credential (merchant_id, credential_id);

create table refresh_token (
  token_hash BYTEA not null,
  merchant_id BIGINT not null,
  credential_id BIGINT not null,
  scope TEXT not null,
  expires_at BIGINT not null,
  used SMALLINT not null,
  primary key (token_hash)
) /* clustered */;

create table audit (
  audit_id BIGINT not null,
  happened_at BIGINT not null,
  merchant_id BIGINT not null,
  actor TEXT not null,
  act TEXT not null,
  detail TEXT not null,
  hash BYTEA not null,
  primary key (audit_id)
);

-- One row. last_id is at or above every id in every table: with the merchant first in each key, the
-- highest id is no single look-up, so each commit raises it here. id_early_ms and id_late_ms are
-- how far an id's own time was ever before and after its link's created_at, which lets a list
-- between two dates begin and end at ids. key_check tells whether the store was made under the same
-- master key; mode is "sandbox" or "live" from the first time that it was served in a store of
-- several processes, or "copying" while it is being filled from another one. probes counts the writes that were tried to see whether a full disk has room again.
create table store_state (
  one SMALLINT not null,
  last_id BIGINT not null,
  id_early_ms BIGINT not null,
  id_late_ms BIGINT not null,
  key_check BYTEA not null,
  mode TEXT,
  probes BIGINT not null,
  primary key (one)
);

-- One row for each connection that commits, where several processes work on one store: there the
-- one row of store_state would be what every commit waits for. number counts its commits, so that
-- one whose answer was lost is found again; the others are as in store_state, which takes them over
-- when the row is old and goes.
create table writer (
  writer_id BIGINT not null,
  number BIGINT not null,
  last_id BIGINT not null,
  id_early_ms BIGINT not null,
  id_late_ms BIGINT not null,
  seen_at BIGINT not null,
  primary key (writer_id)
);

-- Who has which number of an id maker.
create table node_lease (
  node BIGINT not null,
  holder BIGINT not null,
  leased_until BIGINT not null,
  primary key (node)
);
