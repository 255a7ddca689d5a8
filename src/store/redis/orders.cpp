// The orders in Redis: a hash for each claim, a list for its history, and the session value.
#include "base/assert.hpp"
#include "embedded/lua.hpp"
#include "store/codec.hpp"
#include "store/keys.hpp"
#include "store/number.hpp"
#include "store/records.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace claimcheck {

namespace {

// Enough for few round trips, and not so much that one SCAN delays other clients.
constexpr const char* scan_count = "500";

std::vector<std::string> order_keys(std::string_view session_id) {
  return {keys::session(session_id), keys::claim(session_id), keys::history(session_id)};
}

void append_fields(std::vector<std::string>& arguments, const Claim& claim) {
  for (auto& [name, value] : encode_stored_claim(claim)) {
    arguments.push_back(std::move(name));
    arguments.push_back(std::move(value));
  }
}

Result<Claim> claim_of(Result<std::vector<std::string>> fields) {
  if (!fields) return fail(fields);
  // HGETALL of a missing key is an empty list, not null.
  if (fields->empty()) return fail(Errc::not_found, "there is no claim for this session");
  return decode_claim(pairs_of(std::move(*fields)));
}

std::string_view view_mode(const Commit& change) {
  if (!change.view) return "none";
  if (!change.view->bytes) return "guard";
  return change.view->guarded ? "guarded_write" : "write";
}

void replace(std::string& text, std::string_view word, const std::vector<std::string>& names) {
  const std::size_t at = text.find(word);
  ENSURE(at != text.npos);
  text.replace(at, word.size(), fmt::format("{{'{}'}}", fmt::join(names, "','")));
}

// The script knows which fields are ours, so that a commit names only those that it writes.
Script commit_script() {
  std::string text(embedded::lua_commit);
  replace(text, "CLAIM_FIELDS", claim_field_names());
  replace(text, "UNIT_FIELDS", unit_field_names());
  return Script(text);
}

class RedisOrders final : public InRedis<Orders> {
 public:
  using InRedis::InRedis;

  Async<bool> create(NewOrder order) override {
    // Claim, history and view in one script: no process ever finds half an order.
    static const Script script(embedded::lua_create);
    order.claim.version = 1;
    std::vector<std::string> arguments = {in_ms(claim_life(order.claim, limits_)),
                                          in_ms(limits_.session_ttl),
                                          encode_history_line(order.line),
                                          fmt::to_string(limits_.history_lines),
                                          order.session ? "1" : "0",
                                          std::move(order.session).value_or("")};
    append_fields(arguments, order.claim);
    std::vector<std::string> names = order_keys(order.session_id);
    co_return yes_of(co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<Claim> load(std::string session_id) override {
    RedisCommand get = {"HGETALL", keys::claim(session_id)};
    co_return claim_of(texts_of(co_await run_command(redis_, std::move(get))));
  }

  Async<std::vector<Result<Claim>>> load_all(std::vector<std::string> session_ids) override {
    // One pipeline, no transaction: each claim is whole, and the claims need not be of one moment.
    std::vector<RedisCommand> commands;
    for (const std::string& id : session_ids) commands.push_back({"HGETALL", keys::claim(id)});
    std::vector<Result<Claim>> claims;
    if (commands.empty()) co_return claims;
    Result<std::vector<RedisReply>> replies = co_await redis_.exec_all(commands);
    if (!replies) co_return fail(replies);
    for (RedisReply& reply : *replies) claims.push_back(claim_of(texts_of(std::move(reply))));
    co_return claims;
  }

  Async<CommitResult> commit(Commit change) override {
    // The script compares version and digest, and writes all or nothing; what to write was decided
    // here. Both scripts are one text: the second one is allowed also when Redis' memory is full.
    static const Script beginning = commit_script();
    static const Script recording = beginning.when_full();
    const Duration life = claim_life(change.claim, limits_);
    std::vector<std::string> arguments = {fmt::to_string(change.claim.version),
                                          in_ms(life),
                                          fmt::to_string(change.lines.size()),
                                          fmt::to_string(limits_.history_lines),
                                          std::string(view_mode(change)),
                                          change.view ? change.view->digest : "",
                                          "",
                                          in_ms(limits_.session_ttl)};
    // Moved, not copied: a session value may be large.
    if (change.view && change.view->bytes) arguments[6] = std::move(*change.view->bytes);
    std::ranges::transform(change.lines, std::back_inserter(arguments), encode_history_line);
    // After the old version went into the arguments: the script compares it.
    change.claim.version += 1;
    append_fields(arguments, change.claim);
    std::vector<std::string> names = order_keys(change.session_id);
    // A guarded commit begins something new, which can wait for memory. Every other commit records
    // what has happened already, and must not wait.
    const bool begins = change.view && change.view->guarded;
    const Script& script = begins ? beginning : recording;
    co_return word_of<CommitResult>(
        co_await run_script(acks_, script, std::move(names), std::move(arguments)));
  }

  Async<std::vector<HistoryLine>> history(std::string session_id) override {
    RedisCommand get = {"LRANGE", keys::history(session_id), "0", "-1"};
    const Result<std::vector<std::string>> texts =
        texts_of(co_await run_command(redis_, std::move(get)));
    if (!texts) co_return fail(texts);
    // One unreadable line fails the whole: a history with a gap would mislead.
    std::vector<HistoryLine> lines;
    for (const std::string& text : *texts) {
      Result<HistoryLine> line = decode_history_line(text);
      if (!line) co_return fail(line);
      lines.push_back(std::move(*line));
    }
    co_return lines;
  }

  Async<ClaimPage> claims(std::string cursor) override {
    // SCAN does not block other clients. A claim that exists during the whole scan comes at least
    // once.
    RedisCommand scan = {"SCAN",  cursor.empty() ? "0" : std::move(cursor),
                         "MATCH", keys::any_claim(),
                         "COUNT", scan_count};
    Result<RedisReply> reply = co_await run_command(redis_, std::move(scan));
    if (!reply) co_return fail(reply);
    RedisReply::Array* parts = reply->array();
    if (parts == nullptr || parts->size() != 2 || parts->front().text() == nullptr) {
      co_return strange_reply();
    }
    const Result<std::vector<std::string>> found = texts_of(std::move(parts->back()));
    if (!found) co_return fail(found);
    // The pattern matches more than our keys: a key that is no claim is left out.
    ClaimPage page;
    for (const std::string& key : *found) {
      std::string id = keys::session_of_claim(key);
      if (!id.empty()) page.session_ids.push_back(std::move(id));
    }
    if (*parts->front().text() != "0") page.next = *parts->front().text();
    co_return page;
  }

  Async<void> mark_opened(std::string session_id, Time when) override {
    // NX: the first time counts. Not acknowledged, since a page of the buyer must not wait for a
    // disk.
    RedisCommand set = {"SET", keys::opened(session_id),     score_of(when), "NX",
                        "PX",  in_ms(limits_.claim_paid_ttl)};
    co_return done_of(co_await run_command(redis_, std::move(set)));
  }

  Async<Time> opened(std::string session_id) override {
    RedisCommand get = {"GET", keys::opened(session_id)};
    const Result<std::string> when = text_of(co_await run_command(redis_, std::move(get)));
    if (!when) co_return fail(when);
    const auto when_us = number_in<std::int64_t>(*when);
    if (!when_us) co_return fail(Errc::unreadable, "when the order was opened is unreadable");
    co_return from_us(*when_us);
  }
};

}  // namespace

std::unique_ptr<Orders> orders_in(RedisShared& shared) {
  return std::make_unique<RedisOrders>(shared);
}

}  // namespace claimcheck
