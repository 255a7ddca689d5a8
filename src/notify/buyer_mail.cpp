#include "notify/buyer_mail.hpp"

#include "domain/failure_words.hpp"
#include "domain/names.hpp"
#include "domain/notification.hpp"
#include "domain/orders_link.hpp"
#include "domain/prompt_edit.hpp"
#include "domain/view.hpp"
#include "flow/orders_by_mail.hpp"
#include "net/http/http.hpp"
#include "notify/mail_money.hpp"
#include "notify/mail_text.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace claimcheck {

namespace {

// The keys of the sentences between greeting and button; none = no mail.
std::vector<std::string> plain_sentences(NotificationKind news, const Claim& claim,
                                         const std::optional<SessionRefund>& refund) {
  // One mail tells both, where the money is back by the time that it is sent.
  const bool back = refund && refund->status == SessionRefundStatus::refunded;
  const bool all_made = std::ranges::all_of(
      claim.units, [](const Unit& unit) { return unit.state == UnitState::delivered; });
  switch (news) {
    // The claim is read when the mail is sent, and the order may have gone on since the
    // notification. So each case asks again what is true now.
    case NotificationKind::delivered:
      // Money is mentioned only when the view shows it, so mail and page say the same.
      if (all_made || !refund) return {"delivered"};
      if (back) return {"delivered", "delivered_part", "refunded"};
      return {"delivered", "delivered_some"};
    case NotificationKind::failed:
      if (back) return {"failed", "refunded"};
      return {"failed", refund ? "failed_back" : "failed_free"};
    case NotificationKind::refunded:
      if (refund) return {"refunded"};
      return {};
    case NotificationKind::delayed:
      if (std::ranges::any_of(claim.units, waits_for_generator))
        return {"delayed", "delayed_until"};
      return {};
    case NotificationKind::prompt_refused:
      if (may_edit_prompt(claim)) return {"prompt_refused", "prompt_refused_until"};
      return {};
    case NotificationKind::abandoned:
      if (claim.state == OrderState::expired) return {"abandoned"};
      return {};
    case NotificationKind::held:
    // For the shop alone: order_notifications puts none of these into the outbox for a mail.
    case NotificationKind::disputed: return {};
  }
  return {};
}

// With the reason of what was not made behind the sentence that says so, where it is known.
std::vector<std::string> sentences(NotificationKind news, const Claim& claim,
                                   const std::optional<SessionRefund>& refund) {
  std::vector<std::string> keys = plain_sentences(news, claim, refund);
  const std::optional<SessionReason> reason = common_reason(claim);
  if (!reason) return keys;
  constexpr std::array<std::string_view, 3> not_made = {"failed", "delivered_some",
                                                        "delivered_part"};
  const auto said = std::ranges::find_first_of(keys, not_made);
  if (said != keys.end()) keys.insert(said + 1, fmt::format("why_{}", name_of(*reason)));
  return keys;
}

// One form for all languages: 2026-11-29 05:32 UTC.
std::string minute_text(Time time) {
  std::string text = to_iso(time).substr(0, std::string_view("2026-11-29T05:32").size());
  text[text.find('T')] = ' ';
  return text + " UTC";
}

Values escaped(const Values& values) {
  Values safe;
  for (const auto& [name, value] : values) safe[name] = escaped_html(value);
  return safe;
}

// As on the order's page; the link has the whole number.
std::string short_number(const std::string& session) {
  constexpr std::size_t first = 12;
  constexpr std::size_t last = 6;
  if (session.size() <= first + last + 1) return session;
  return session.substr(0, first) + "…" + session.substr(session.size() - last);
}

// Of what a text is: an order of one video, of several images.
struct MailedFiles {
  MediaKind media = MediaKind::video;
  bool several = false;
};

// The key of the text for it: "delivered_image_several", "delayed_audio". A text of which there is
// only one form is for all of them.
std::string key_for(std::string key, const MailedFiles& what, const Phrases& phrases) {
  if (what.media == MediaKind::video) return key;
  std::string own = fmt::format("{}_{}", key, name_of(what.media));
  if (what.several && phrases.contains(own + "_several")) return own + "_several";
  return phrases.contains(own) ? own : key;
}

std::string subject_of(const OutboxMessage& message, const Phrases& phrases, const Values& values,
                       const MailedFiles& what) {
  const std::string& plain = phrases.at(key_for(message.news + "_subject", what, phrases));
  if (!values.contains("product")) {
    return values.at("name").empty() ? plain : values.at("name") + ": " + plain;
  }
  // A product could be of any gender and number, so only the one text that all of them fit names
  // it.
  const bool names_it = message.news == name_of(NotificationKind::delivered);
  return names_it ? filled(phrases.at("delivered_product"), values)
                  : values.at("name") + ": " + plain;
}

// What all mails of a shop have in common.
Values shop_values(const Claim& claim, const std::string& session,
                   const BuyerMailOptions& options) {
  const ShopFace& shop = options.shop;
  const std::string host(url_authority(options.public_url));
  Values values = {{"name", shop.name},
                   {"shop", shop.name.empty() ? host : shop.name},
                   {"accent", shop.accent},
                   {"number", short_number(session)}};
  constexpr std::string_view mailto = "mailto:";
  const bool is_mail = shop.support.starts_with(mailto);
  if (!shop.support.empty()) values["support"] = shop.support.substr(is_mail ? mailto.size() : 0);
  if (const std::string_view title = shop.title_of(claim.price); !title.empty()) {
    values["product"] = title;
    values["number"] = fmt::format("{} · {}", title, values["number"]);
  }
  return values;
}

// What a mail says. Both of its forms are made from it, so they cannot differ.
struct Content {
  std::string_view language;
  std::string subject;
  std::vector<std::string> sentences;  // keys of phrases, between greeting and button
  std::string button = "button";
  std::string footer = "footer";
  Values values;  // `link` leads where the button says; without `number` no order is named
};

std::string text_form(const Phrases& phrases, const Content& content) {
  const Values& values = content.values;
  std::string text = phrases.at("hello") + "\n\n";
  for (const std::string& key : content.sentences) {
    text += filled(phrases.at(key), values) + "\n\n";
  }
  text += phrases.at(content.button) + ":\n" + values.at("link") + "\n\n-- \n";
  if (values.contains("number")) text += phrases.at("order") + ": " + values.at("number") + "\n";
  if (values.contains("support")) text += filled(phrases.at("questions"), values) + "\n";
  return text + filled(phrases.at(content.footer), values) + "\n";
}

std::string html_form(const Phrases& phrases, const Content& content) {
  // Values are escaped before they are filled in, and sentences too: a mail client must not see
  // markup that comes from a request.
  const Values safe = escaped(content.values);
  const auto phrase = [&](const std::string& key) {
    return filled(escaped_html(phrases.at(key)), safe);
  };
  std::string paragraphs;
  for (const std::string& key : content.sentences) {
    paragraphs += fmt::format("<p style=\"margin:0 0 16px\">{}</p>\n", phrase(key));
  }
  // The page has the same values as its sentences, and the whole texts beside them.
  Values page = safe;
  page["hello"] = phrase("hello");
  page["button"] = phrase(content.button);
  page["footer"] = phrase(content.footer);
  const auto number = safe.find("number");
  page["number_line"] =
      number == safe.end() ? "" : fmt::format("{}: {}<br>\n", phrase("order"), number->second);
  page["questions"] = safe.contains("support") ? phrase("questions") + "<br>\n" : "";
  page["shop_line"] = "";
  if (!safe.at("name").empty()) {
    page["shop_line"] =
        fmt::format("<p style=\"margin:0 0 24px;font-weight:600\">{}</p>\n", safe.at("name"));
  }
  page["language"] = content.language;
  page["subject"] = escaped_html(content.subject);
  page["paragraphs"] = paragraphs;
  return filled(mail_page(), page);
}

// The mail about an order's news. Nothing = it is no news any more, or a kind that only a newer
// release knows.
std::optional<Content> news_content(const OutboxMessage& message, const Claim& claim,
                                    std::string_view language, const BuyerMailOptions& options) {
  const auto news = from_name<NotificationKind>(message.news);
  if (!news) return std::nullopt;
  const View view = view_of(claim);
  Content content{.language = language};
  const Phrases& phrases = phrases_in(language);
  const MailedFiles what{.media = claim.media, .several = claim.units.size() > 1};
  for (std::string& key : sentences(*news, claim, view.refund)) {
    content.sentences.push_back(key_for(std::move(key), what, phrases));
  }
  if (content.sentences.empty()) return std::nullopt;
  Values& values = content.values = shop_values(claim, message.session, options);
  values["link"] =
      fmt::format("{}/{}/payment-success/{}", options.public_url, language, message.session);
  if (*news == NotificationKind::abandoned) {
    content.button = "abandoned_button";
    content.footer = "abandoned_footer";
    values["link"] = fmt::format("{}/pay/{}", options.public_url, message.session);
  }
  values["ordered"] = fmt::to_string(claim.units.size());
  values["delivered"] =
      fmt::to_string(std::ranges::count(claim.units, UnitState::delivered, &Unit::state));
  // Of the claim: the view tells it only while nothing else is more urgent, such as a refund.
  values["until"] = minute_text(from_us(claim.refund_after_us));
  if (*news == NotificationKind::prompt_refused) {
    content.button = "prompt_refused_button";
    values["until"] = minute_text(from_us(claim.prompt_edit_ends_us));
  }
  if (view.refund) {
    values["amount"] = mail_money({view.refund->amount, view.refund->currency}, language);
  }
  content.subject = subject_of(message, phrases, values, what);
  return content;
}

// The mail with the link to all orders of the address. Every attempt has the same link.
std::optional<Content> link_content(const OutboxMessage& message, const Claim& claim,
                                    const SessionData& session, std::string_view language,
                                    const BuyerMailOptions& options, Time now) {
  const Time until = from_us(message.first_us) + orders_link_life;
  if (until <= now) return std::nullopt;
  Content content{.language = language,
                  .subject = {},
                  .sentences = {"link"},
                  .button = "link_button",
                  .footer = "link_footer",
                  .values = shop_values(claim, message.session, options)};
  // It is about all of them, so it names no product and no order.
  content.values.erase("product");
  content.values.erase("number");
  content.values["until"] = minute_text(until);
  content.values["link"] = fmt::format(
      "{}/{}/orders/{}", options.public_url, language,
      orders_link(message.session, until, session.customerEmail.value_or(""), options.link_key));
  content.subject = subject_of(message, phrases_in(language), content.values, {});
  return content;
}

}  // namespace

std::optional<Mail> buyer_mail(const OutboxMessage& message, const Claim& claim,
                               const SessionData& session, const BuyerMailOptions& options,
                               Time now) {
  // The language of the checkout: the mail has the same one as the page that it links to.
  const std::string_view language = mail_language(session.locale.value_or(""));
  const std::optional<Content> content =
      message.news == orders_link_news
          ? link_content(message, claim, session, language, options, now)
          : news_content(message, claim, language, options);
  if (!content) return std::nullopt;
  const Phrases& phrases = phrases_in(language);
  Mail mail;
  mail.from = options.from;
  mail.reply_to = options.reply_to;
  mail.to = session.customerEmail.value_or("");
  mail.subject = content->subject;
  mail.language = language;
  // From the message's id, so that a mail program can recognise a mail that was sent twice.
  const std::string& sender = options.from.address;
  mail.message_id = fmt::format("{}@{}", message.id, sender.substr(sender.find('@') + 1));
  // The time of the notification, not of the attempt, so that every attempt is the same mail.
  mail.date = from_us(message.first_us);
  mail.text = text_form(phrases, *content);
  mail.html = html_form(phrases, *content);
  return mail;
}

Delivery mail_judged(const Result<MailReply>& reply) {
  // The mail cannot be sent as it is, and no later attempt would change that.
  if (!reply && reply.error().code == Errc::invalid) {
    return {.result = SendResult::skipped, .why = reply.error().message};
  }
  // No answer is about the server, so the other mails wait as well.
  if (!reply) return {.result = SendResult::away, .why = reply.error().message};
  const int code = reply->code;
  if (code >= 200 && code < 300) return {.result = SendResult::accepted, .status = code};
  // 53x and every refusal before the recipient may be about us: our address, our login, our volume.
  const bool about_us = code >= 530 && code < 540;
  if (code >= 500 && !about_us && reply->to_recipient) {
    return {.result = SendResult::rejected, .status = code, .why = "the recipient was refused"};
  }
  return {.result = reply->to_recipient && !about_us ? SendResult::retry : SendResult::away,
          .status = code,
          .why = "the server refused"};
}

BuyerMail::BuyerMail(Context& context, SendMail send, BuyerMailOptions options)
    : context_(context), send_(std::move(send)), options_(std::move(options)) {}

boost::asio::awaitable<Delivery> BuyerMail::deliver(OutboxMessage message) {
  const Result<Claim> claim = co_await context_.store.orders->load(message.session);
  // The address is read for each attempt: a person may have had it erased or corrected since the
  // last one.
  const Result<SessionBytes> stored =
      co_await context_.store.sessions->read_session(message.session);
  Delivery nobody{.result = SendResult::skipped, .why = "nobody to tell is known"};
  // An unknown order is skipped and not rejected: without a record there is nobody to write to.
  if (!claim) co_return not_loaded(claim.error(), nobody);
  if (!stored) co_return not_loaded(stored.error(), nobody);
  const Result<SessionData> session = decode_session(stored->bytes);
  if (!session) co_return not_loaded(session.error(), nobody);
  // Many orders have no address, so this is no failure.
  if (session->customerEmail.value_or("").empty()) co_return nobody;
  std::optional<Mail> mail = buyer_mail(message, *claim, *session, options_, context_.clock.now());
  if (!mail) co_return nobody;
  const Result<MailReply> reply = co_await send_(std::move(*mail));
  co_return mail_judged(reply);
}

}  // namespace claimcheck
