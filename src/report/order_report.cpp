#include "report/order_report.hpp"

#include "base/crypto.hpp"
#include "base/json_described.hpp"
#include "base/text.hpp"
#include "domain/failure_words.hpp"
#include "domain/margin.hpp"
#include "domain/names.hpp"
#include "domain/provider_cost.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string moment(std::int64_t us) { return us == 0 ? "–" : to_iso(from_us(us)); }

std::string unit_text(MediaKind kind, std::size_t index, const Unit& unit) {
  std::string text =
      fmt::format("  {} {:<3} {:<11}", name_of(kind), video_number(index), name_of(unit.state));
  if (has_job(unit)) text += " job " + printable(unit.job);
  if (!unit.generator.empty()) text += " at " + printable(unit.generator + ":" + unit.model);
  if (!unit.cost.empty()) text += " cost " + printable(cost_words(unit.cost));
  // Only these states are tried again; in any other the stored time is an old one.
  const bool waits = unit.state == UnitState::waiting || unit.state == UnitState::failed ||
                     unit.state == UnitState::ready || unit.state == UnitState::refunding;
  if (waits && is_put_off(unit)) text += " next try " + moment(unit.retry_us);
  // The first try is the usual case and says nothing.
  if (waits && unit.put_offs > 1) text += fmt::format(" after {} tries", unit.put_offs);
  if (has_refund(unit)) text += " refund " + printable(unit.refund);
  if (unit.state == UnitState::submitting) text += " since " + moment(unit.intent_us);
  if (has_video(unit)) text += "\n           " + printable(unit.url);
  if (!unit.reason.empty()) text += "\n           " + printable(unit.reason);
  const std::string_view failure = words_of(unit.failure);
  if (will_not_be_made(unit) && !failure.empty()) text += fmt::format("\n           {}", failure);
  return text + '\n';
}

// Texts of claims come from peers and people, so each one is escaped for the terminal.
std::string claim_text(const Claim& claim) {
  std::string text =
      fmt::format("order      {} (version {})\n", name_of(claim.state), claim.version);
  // Directly below the state, since it explains the state.
  if (!claim.reason.empty()) text += fmt::format("why        {}\n", printable(claim.reason));
  // Quantity and videos both: a price may be for several videos.
  text +=
      fmt::format("bought     {} x {} = {} {} of {}, {}\n", claim.quantity, printable(claim.price),
                  claim.units.size(), media_noun(claim.media, 2), printable(slug_of(claim)),
                  printable(short_money_text({claim.amount_minor, claim.currency})));
  text += fmt::format("created    {}\npayable to {}\npaid seen  {}\n", moment(claim.created_us),
                      moment(claim.expires_us), moment(claim.paid_us));
  if (const std::string margin = margin_words(claim); !margin.empty()) {
    text += fmt::format("margin     {}\n", printable(margin));
  }
  if (!claim.payment_intent.empty()) {
    text += fmt::format("payment    {}\n", printable(claim.payment_intent));
  }
  if (has_dispute(claim)) {
    text += fmt::format("dispute    {}: {}\n", printable(claim.dispute.id),
                        printable(words_of(claim.dispute)));
  }
  // The buyer sees an older state than this report: that explains many questions.
  if (claim.view_dirty) text += "view       behind; it is written again with the next look\n";
  for (std::size_t i = 0; i < claim.units.size(); ++i)
    text += unit_text(claim.media, i, claim.units[i]);
  return text;
}

// Nothing that controls a terminal, and no byte is lost: all but plain ASCII becomes \xNN.
std::string every_byte(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    // Plain ASCII only: UTF-8 has control characters of its own.
    const bool plain = c >= ' ' && c <= '~';
    text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string session_text(const Result<SessionBytes>& stored) {
  if (!stored)
    return fmt::format("session    not stored ({})\n", printable(stored.error().message));
  // An unreadable value is printed byte by byte: the bytes are all that is left of the order's
  // inputs.
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) {
    return fmt::format("session    unreadable: {}\nstored     {} bytes: {}\n",
                       printable(session.error().message), stored->bytes.size(),
                       every_byte(stored->bytes));
  }
  // A kind that only a newer release knows is told as videos, as a page shows it.
  const auto kind = from_name<MediaKind>(session->media.value_or("")).value_or(MediaKind::video);
  std::string text = fmt::format("session    {}, {} {}, {} s, {}, {}\n", name_of(session->status),
                                 session->videoCount, media_noun(kind, 2), session->duration,
                                 printable(session->resolution), printable(session->style));
  // The length alone: a report is pasted into tickets, and a prompt is the buyer's.
  text += fmt::format("prompt     {} bytes\n", session->prompt.size());
  if (session->fileId) text += fmt::format("fileId     {}\n", printable(*session->fileId));
  if (session->error) text += fmt::format("error      {}\n", printable(*session->error));
  if (session->message) text += fmt::format("message    {}\n", printable(*session->message));
  return text;
}

// The members that are written, with names and order as programs read them.
struct HistoryRow {
  Time when;
  std::string from;
  std::string to;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(HistoryRow, (), (when, from, to, why))

using StoredClaim = json::OrNull<json::Members<std::string>>;  // the fields, as in Redis

struct StoredRecords {
  std::string id;
  json::OrNull<json::Raw> session;
  StoredClaim claim;
  std::vector<HistoryRow> history;
};
BOOST_DESCRIBE_STRUCT(StoredRecords, (), (id, session, claim, history))

struct StoredLine {
  std::string id;
  StoredClaim claim;
};
BOOST_DESCRIBE_STRUCT(StoredLine, (), (id, claim))

struct Bytes {
  std::string base64;
};
BOOST_DESCRIBE_STRUCT(Bytes, (), (base64))

// The fields as the codec writes them, so a program reads the same names as in Redis.
StoredClaim stored_claim(const Result<Claim>& claim) {
  if (!claim) return {};
  return encode_claim(*claim);
}

// As stored if it is readable. Otherwise as a JSON text, or as base64 when it is not valid text: no
// byte is hidden.
json::Raw stored_session(const std::string& bytes) {
  if (decode_session(bytes)) return {bytes};
  std::string text = json::print(std::string_view(bytes));
  if (json::parse(text)) return {std::move(text)};
  return {json::print(Bytes{to_base64(bytes)})};
}

}  // namespace

std::string report_text(const OrderReport& report) {
  // The id first and alone on its line, so that it can be copied.
  std::string text = printable(report.session_id) + '\n' + session_text(report.session);
  // Without a claim the session value may belong to the replaced system or to another one on this
  // Redis.
  if (report.claim) {
    text += claim_text(*report.claim);
  } else {
    text += fmt::format("order      none ({}): another system stored this session\n",
                        printable(report.claim.error().message));
  }
  for (const HistoryLine& line : report.history) {
    // The first line comes from nothing.
    const std::string from = line.from.empty() ? "" : printable(line.from) + ' ';
    text += fmt::format("  {}  {}-> {}: {}\n", to_iso(line.when), from, printable(line.to),
                        printable(line.why));
  }
  return text;
}

std::string report_json(const OrderReport& report) {
  StoredRecords records{
      .id = report.session_id, .session = {}, .claim = stored_claim(report.claim), .history = {}};
  if (report.session) records.session = stored_session(report.session->bytes);
  for (const HistoryLine& line : report.history) {
    records.history.push_back({line.when, line.from, line.to, line.why});
  }
  // Escaped within JSON, so a terminal shows it safely and a program still reads the same text.
  return printable_json(json::print(records)) + '\n';
}

namespace {

constexpr const char* columns = "{:<24}  {:<9}  {:>6}  {:>10}  {}";

// In one word: an order that is over has delivered, paid back, or both.
std::string_view outcome_of(const Claim& claim) {
  if (claim.state != OrderState::done) return name_of(claim.state);
  const auto is = [&claim](UnitState state) {
    return std::ranges::any_of(claim.units, [state](const Unit& u) { return u.state == state; });
  };
  if (!is(UnitState::refunded)) return "delivered";
  return is(UnitState::delivered) ? "partly" : "refunded";
}

}  // namespace

std::string list_header() {
  return fmt::format(columns, "created", "state", "videos", "amount", "session");
}

std::string list_line(const std::string& session_id, const Result<Claim>& claim) {
  if (!claim) {
    // An unreadable order has a line as well: it needs a person more than the others.
    return fmt::format("{}  {}", printable(session_id), printable(claim.error().message));
  }
  return fmt::format(columns, moment(claim->created_us), outcome_of(*claim), claim->units.size(),
                     printable(short_money_text({claim->amount_minor, claim->currency})),
                     printable(session_id));
}

std::string list_json(const std::string& session_id, const Result<Claim>& claim) {
  return printable_json(json::print(StoredLine{session_id, stored_claim(claim)}));
}

}  // namespace claimcheck
