#include "app/order_report.hpp"

#include "base/json.hpp"
#include "domain/names.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

std::string moment(std::int64_t us) { return us == 0 ? "–" : to_iso(from_us(us)); }

std::string unit_text(std::size_t index, const Unit& unit) {
  std::string text = fmt::format("  unit {:<3} {:<11}", index, name_of(unit.state));
  if (!unit.job.empty()) text += " job " + unit.job;
  const bool waits = unit.state == UnitState::waiting || unit.state == UnitState::failed ||
                     unit.state == UnitState::ready || unit.state == UnitState::refunding;
  if (waits && unit.retry_us != 0) text += " next try " + moment(unit.retry_us);
  if (!unit.refund.empty()) text += " refund " + unit.refund;
  if (unit.state == UnitState::submitting) text += " since " + moment(unit.intent_us);
  if (!unit.url.empty()) text += "\n           " + unit.url;
  if (!unit.reason.empty()) text += "\n           " + unit.reason;
  return text + '\n';
}

std::string claim_text(const Claim& claim) {
  std::string text =
      fmt::format("order      {} (version {})\n", name_of(claim.state), claim.version);
  if (!claim.reason.empty()) text += fmt::format("why        {}\n", claim.reason);
  text +=
      fmt::format("bought     {} x {} = {} videos of {}, {} {} (smallest unit)\n", claim.quantity,
                  claim.price, claim.units.size(), claim.tool, claim.amount_minor, claim.currency);
  text += fmt::format("created    {}\npayable to {}\npaid seen  {}\n", moment(claim.created_us),
                      moment(claim.expires_us), moment(claim.paid_us));
  if (!claim.payment_intent.empty()) text += fmt::format("payment    {}\n", claim.payment_intent);
  if (claim.view_dirty) text += "view       behind; it is written again with the next look\n";
  for (std::size_t i = 0; i < claim.units.size(); ++i) text += unit_text(i, claim.units[i]);
  return text;
}

std::string session_text(const Result<SessionBytes>& stored) {
  if (!stored) return fmt::format("session    not stored ({})\n", stored.error().message);
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) return fmt::format("session    unreadable: {}\n", session.error().message);
  std::string text =
      fmt::format("session    {}, {} videos, {} s, {}, {}\n", name_of(session->status),
                  session->videoCount, session->duration, session->resolution, session->style);
  text += fmt::format("prompt     {} bytes\n", session->prompt.size());
  if (session->fileId) text += fmt::format("fileId     {}\n", *session->fileId);
  if (session->error) text += fmt::format("error      {}\n", *session->error);
  if (session->message) text += fmt::format("message    {}\n", *session->message);
  return text;
}

std::string claim_json(const Claim& claim) {
  std::string text;
  for (const auto& [name, value] : encode_claim(claim)) {
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", json::print(name), json::print(value));
  }
  return '{' + text + '}';
}

}  // namespace

std::string report_text(const OrderReport& report) {
  std::string text = report.session_id + '\n' + session_text(report.session);
  if (report.claim) {
    text += claim_text(*report.claim);
  } else {
    text += fmt::format("order      none ({}): another system stored this session\n",
                        report.claim.error().message);
  }
  for (const HistoryLine& line : report.history) {
    text += fmt::format("  {}  {} -> {}: {}\n", to_iso(line.when), line.from, line.to, line.why);
  }
  return text;
}

std::string report_json(const OrderReport& report) {
  std::string session = "null";
  if (report.session) {
    const bool readable = decode_session(report.session->bytes).has_value();
    session = readable ? report.session->bytes : json::print(report.session->bytes);
  }
  std::string history;
  for (const HistoryLine& line : report.history) {
    history += fmt::format(R"({}{{"when":{},"from":{},"to":{},"why":{}}})",
                           history.empty() ? "" : ",", json::print(to_iso(line.when)),
                           json::print(line.from), json::print(line.to), json::print(line.why));
  }
  return fmt::format(R"({{"id":{},"session":{},"claim":{},"history":[{}]}})",
                     json::print(report.session_id), session,
                     report.claim ? claim_json(*report.claim) : "null", history) +
         '\n';
}

std::string list_line(const std::string& session_id, const Result<Claim>& claim) {
  if (!claim) return fmt::format("{}  {}", session_id, claim.error().message);
  return fmt::format("{}  {:<8} {:>3} videos  {:>8} {}  {}", moment(claim->created_us),
                     name_of(claim->state), claim->units.size(), claim->amount_minor,
                     claim->currency, session_id);
}

std::string list_json(const std::string& session_id, const Result<Claim>& claim) {
  return fmt::format(R"({{"id":{},"claim":{}}})", json::print(session_id),
                     claim ? claim_json(*claim) : "null");
}

}  // namespace claimcheck
