#include "store/contract/sql_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "store/tables.hpp"

namespace disburse::store {
namespace {

// Lower case, without quoted texts and comments, with a blank around everything that is no word.
std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const auto c = static_cast<unsigned char>(sql[i]);
    if (c == '\'') {
      i = std::min(sql.find('\'', i + 1), sql.size());
      end_word();
    } else if (c == '/' && sql.substr(i, 2) == "/*") {
      i = std::min(sql.find("*/", i), sql.size()) + 1;
    } else if (std::isalnum(c) != 0 || c == '_') {
      word += static_cast<char>(std::tolower(c));
    } else {
      end_word();
      if (std::isspace(c) == 0) words.emplace_back(1, static_cast<char>(c));
    }
  }
  end_word();
  return words;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Time comes from the program; locks are of rows; nothing happens by itself; ids are made by the
// application; and an integer that is divided is money that is lost.
constexpr std::array<std::string_view, 34> kNever = {"now",
                                                     "current_timestamp",
                                                     "current_time",
                                                     "current_date",
                                                     "localtime",
                                                     "localtimestamp",
                                                     "clock_timestamp",
                                                     "statement_timestamp",
                                                     "transaction_timestamp",
                                                     "timeofday",
                                                     "interval",
                                                     "random",
                                                     "gen_random_uuid",
                                                     "nextval",
                                                     "serial",
                                                     "bigserial",
                                                     "sequence",
                                                     "generated",
                                                     "default",
                                                     "trigger",
                                                     "procedure",
                                                     "function",
                                                     "listen",
                                                     "notify",
                                                     "deferrable",
                                                     "deferred",
                                                     "exclude",
                                                     "temp",
                                                     "temporary",
                                                     "cursor",
                                                     "references",
                                                     "lock",
                                                     "float8",
                                                     "/"};
constexpr std::array<std::string_view, 6> kAdvisory = {
    "pg_advisory_lock",   "pg_advisory_xact_lock",     "pg_try_advisory_lock",
    "pg_advisory_unlock", "pg_try_advisory_xact_lock", "pg_advisory_lock_shared"};

// Tables whose rows are a merchant's.
bool is_merchants(const Table& table) {
  return table.key.front() == "merchant_id" && table.name != "merchant";
}

// Statements that are of all merchants on purpose: due work by its time, and sums for operators.
bool is_of_all(const std::vector<std::string>& words) {
  return has(words, "is_timer") || has(words, "sum") || has(words, "count");
}

}  // namespace

std::string forbidden_in(std::string_view sql) {
  const std::vector<std::string> words = words_of(sql);
  if (words.empty() || words[0] == "create") return {};
  for (const std::string_view word : kNever) {
    // "skip locked" is another word.
    if (has(words, word)) return "it has the word " + std::string(word);
  }
  for (const std::string_view word : kAdvisory) {
    if (has(words, word)) return "it takes an advisory lock";
  }
  if (has(words, "locked") && !has(words, "merchant_id")) return "it skips rows of no merchant";
  for (const Table& table : tables()) {
    const bool named = is_merchants(table) && has(words, table.name);
    if (named && !has(words, "merchant_id") && !is_of_all(words))
      return "it names " + table.name + " and no merchant_id";
  }
  return {};
}

}  // namespace disburse::store
