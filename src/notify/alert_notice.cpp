#include "notify/alert_notice.hpp"

#include "base/json_described.hpp"
#include "domain/alert_words.hpp"
#include "domain/names.hpp"
#include "net/http/http.hpp"
#include "notify/buyer_mail.hpp"
#include "notify/mail_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace claimcheck {

namespace {

// The body that the shop gets: names and order are a contract with every shop's receiver.
struct ToldAlert {
  AlertKind alert = AlertKind::held;
  std::string state;  // "open" or "closed", at this moment
  AlertSeverity severity = AlertSeverity::warning;
  std::int64_t count = 0;
  json::OrNull<Time> since;
  json::OrNull<Time> closedAt;
  std::string title;
  std::string what;
  std::string meanwhile;
  std::string todo;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(ToldAlert, (),
                      (alert, state, severity, count, since, closedAt, title, what, meanwhile, todo,
                       url))

struct AlertBody {
  std::string type;
  Time timestamp;
  ToldAlert data;
};
BOOST_DESCRIBE_STRUCT(AlertBody, (), (type, timestamp, data))

std::string minute_text(std::int64_t us) {
  std::string text = to_iso(from_us(us)).substr(0, std::string_view("2026-11-29T05:32").size());
  text[text.find('T')] = ' ';
  return text + " UTC";
}

// The paragraphs of a mail. A mail that was late says also what has become of the alert.
std::vector<std::string> paragraphs_of(AlertNews news, const AlertRecord& record,
                                       const AlertWords& words) {
  const std::string ended = record.open ? "" : minute_text(record.closed_us);
  const std::string since = minute_text(record.since_us);
  if (news == AlertNews::closed) {
    return {words.ended,
            fmt::format("It began at {} and ended at {}. There is nothing to do.", since, ended)};
  }
  std::vector<std::string> all = {words.what + fmt::format(" Since {}.", since),
                                  "Meanwhile: " + words.meanwhile, "What to do: " + words.todo};
  if (!record.open) all.push_back(fmt::format("It has ended at {}.", ended));
  return all;
}

std::string subject_of(AlertNews news, const AlertWords& words, const std::string& shop) {
  switch (news) {
    // Its first sentence: there is nothing to do, so nobody need open the mail.
    case AlertNews::closed:
      return fmt::format("{}: {}", shop, words.ended.substr(0, words.ended.find('.')));
    case AlertNews::grown: return fmt::format("{}: now {}", shop, words.title);
    case AlertNews::opened:
    case AlertNews::none: break;
  }
  return fmt::format("{}: {}", shop, words.title);
}

std::string text_form(const std::vector<std::string>& paragraphs, const Values& values) {
  std::string text;
  for (const std::string& one : paragraphs) text += one + "\n\n";
  return text + filled("{button}:\n{link}\n\n-- \n{footer}\n", values);
}

std::string html_form(const std::vector<std::string>& paragraphs, const Values& values) {
  // Every text is escaped: a reason may hold what a peer has answered.
  Values page;
  for (const auto& [name, value] : values) page[name] = escaped_html(value);
  page["hello"] = escaped_html(paragraphs.front());
  std::string rest;
  for (std::size_t i = 1; i < paragraphs.size(); ++i) {
    rest += fmt::format("<p style=\"margin:0 0 16px\">{}</p>\n", escaped_html(paragraphs[i]));
  }
  page["paragraphs"] = rest;
  page["number_line"] = "";
  page["questions"] = "";
  page["shop_line"] = fmt::format("<p style=\"margin:0 0 24px;font-weight:600\">{}</p>\n",
                                  escaped_html(values.at("shop")));
  return filled(mail_page(), page);
}

}  // namespace

std::string alert_webhook_body(const OutboxMessage& message, const AlertRecord& record,
                               const std::string& public_url) {
  AlertWords words = alert_words(record);
  const bool open = record.open;
  return json::print(AlertBody{.type = message.news,
                               .timestamp = from_us(message.first_us),
                               .data = {.alert = record.kind,
                                        .state = open ? "open" : "closed",
                                        .severity = rule_of(record.kind).severity,
                                        .count = record.count,
                                        .since = json::moment(record.since_us),
                                        .closedAt = json::moment(record.closed_us),
                                        .title = std::move(words.title),
                                        .what = open ? std::move(words.what) : words.ended,
                                        .meanwhile = open ? std::move(words.meanwhile) : "",
                                        .todo = open ? std::move(words.todo) : "",
                                        .url = public_url + words.page}});
}

Mail alert_mail(const AlertMailFacts& facts, const AlertRecord& record,
                const OperatorMailOptions& options) {
  const AlertWords words = alert_words(record);
  const std::string shop = options.shop.name.empty()
                               ? std::string(url_authority(options.public_url))
                               : options.shop.name;
  Mail mail{.from = options.from, .reply_to = {}, .to = options.to.front()};
  mail.also_to.assign(options.to.begin() + 1, options.to.end());
  mail.subject = subject_of(facts.news, words, shop);
  mail.language = "en";
  const std::string& sender = options.from.address;
  mail.message_id = fmt::format("{}@{}", facts.id, sender.substr(sender.find('@') + 1));
  mail.date = facts.date;
  const Values values = {
      {"shop", shop},
      {"language", mail.language},
      {"subject", mail.subject},
      {"accent", options.shop.accent},
      {"link", options.public_url + words.page},
      {"button", "Open /ops"},
      {"footer", "claimcheck sends this to the addresses of CLAIMCHECK_OPERATOR_MAIL."}};
  const std::vector<std::string> paragraphs = paragraphs_of(facts.news, record, words);
  mail.text = text_form(paragraphs, values);
  mail.html = html_form(paragraphs, values);
  return mail;
}

Async<AlertRecord> alert_of(Context& context, const OutboxMessage& message) {
  const std::optional<AlertKind> kind = alert_kind_in(message.session);
  // A kind of a newer release: its processes can send it.
  if (!kind) co_return fail(Errc::unreadable, "an alert of a newer release");
  const Result<std::vector<AlertRecord>> all = co_await context.store.alerts->alerts();
  if (!all) co_return fail(all);
  const AlertRecord& record = all->at(static_cast<std::size_t>(*kind));
  if (alert_reference(record) != message.session) {
    co_return fail(Errc::not_found, "the alert has gone on since");
  }
  co_return record;
}

Delivery alert_not_read(const Error& error) {
  if (error.code == Errc::not_found) return {.result = SendResult::skipped, .why = error.message};
  return {.result = SendResult::not_ready, .why = error.message};
}

OperatorMail::OperatorMail(Context& context, SendMail send, OperatorMailOptions options)
    : context_(context), send_(std::move(send)), options_(std::move(options)) {}

boost::asio::awaitable<Delivery> OperatorMail::deliver(OutboxMessage message) {
  // The addresses were taken out of the settings since it was put.
  if (options_.to.empty()) {
    co_return Delivery{.result = SendResult::skipped, .why = "no operator has an address"};
  }
  const Result<AlertRecord> record = co_await alert_of(context_, message);
  if (!record) co_return alert_not_read(record.error());
  const AlertMailFacts facts{
      .news = alert_news(message.news), .id = message.id, .date = from_us(message.first_us)};
  const Result<MailReply> reply = co_await send_(alert_mail(facts, *record, options_));
  co_return mail_judged(reply);
}

boost::asio::awaitable<bool> OperatorMail::send_now(AlertRecord record) {
  if (options_.to.empty()) co_return true;
  const AlertMailFacts facts{
      .news = record.pending, .id = alert_notice_id(record), .date = context_.clock.now()};
  const Result<MailReply> reply = co_await send_(alert_mail(facts, record, options_));
  const SendResult result = mail_judged(reply).result;
  // Nothing but another setting helps against the other two.
  co_return result == SendResult::accepted || result == SendResult::rejected ||
      result == SendResult::skipped;
}

}  // namespace claimcheck
