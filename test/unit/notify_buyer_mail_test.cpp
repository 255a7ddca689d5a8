// What stands in the mails to buyers: the same in each of the five languages, in text and HTML,
// with the right amount, and nothing private; and what a mail server's answer means.
#include "domain/money.hpp"
#include "domain/orders_link.hpp"
#include "notify/buyer_mail.hpp"
#include "notify/mail_money.hpp"
#include "notify/mail_text.hpp"
#include "store/codec.hpp"
#include "support/order_world.hpp"

#include <doctest/doctest.h>

#include <set>

namespace claimcheck {
namespace {

const std::string id = "cs_test_order";
const BuyerMailOptions options = {.from = {"Cats", "orders@shop.example"},
                                  .reply_to = std::nullopt,
                                  .public_url = "https://video.example.com",
                                  .shop = {}};

BuyerMailOptions of_shop() {
  BuyerMailOptions own = options;
  own.shop.name = "Cats & Co";
  own.shop.support = "mailto:help@shop.example";
  own.shop.accent = "#0b7a4b";
  own.shop.products["price_cat"] = "Cat <video>";
  return own;
}

Claim claim_of(std::vector<UnitState> states) {
  Claim claim;
  claim.state = OrderState::done;
  claim.amount_minor = 1900;
  claim.currency = "usd";
  claim.units.resize(states.size());
  for (std::size_t i = 0; i < states.size(); ++i) claim.units[i].state = states[i];
  return claim;
}

SessionData session_in(const std::string& locale) {
  SessionData session;
  session.prompt = "a secret prompt";
  session.customerEmail = "buyer@example.com";
  if (!locale.empty()) session.locale = locale;
  return session;
}

OutboxMessage about(const std::string& news) {
  OutboxMessage message;
  message.id = "msg_1";
  message.channel = Channel::mail;
  message.session = id;
  message.news = news;
  return message;
}

// As of no time: nothing has ended yet.
std::optional<Mail> mail_of(const OutboxMessage& message, const Claim& claim,
                            const SessionData& session, const BuyerMailOptions& of = options,
                            Time now = Time()) {
  return buyer_mail(message, claim, session, of, now);
}

std::optional<Mail> told(const std::string& news, std::vector<UnitState> states,
                         const std::string& locale = "en") {
  return mail_of(about(news), claim_of(std::move(states)), session_in(locale), options);
}

std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    names.insert(text.substr(at, text.find('}', at) + 1 - at));
  }
  return names;
}

constexpr auto delivered = UnitState::delivered;
constexpr auto back = UnitState::refunded;

TEST_CASE("mail texts: every language has the same phrases with the same placeholders") {
  REQUIRE(mail_languages().size() == 5);
  const Phrases& english = phrases_in("en");
  CHECK(english.size() == 50);
  for (const std::string_view language : mail_languages()) {
    CAPTURE(language);
    const Phrases& phrases = phrases_in(language);
    REQUIRE(phrases.size() == english.size());
    for (const auto& [key, phrase] : phrases) {
      CAPTURE(key);
      REQUIRE(english.contains(key));
      CHECK(placeholders(phrase) == placeholders(english.at(key)));
      CHECK_FALSE(phrase.empty());
    }
  }
}

TEST_CASE("buyer mail: a refused prompt leads to the page where another one can be written") {
  Claim claim = claim_of({UnitState::editable});
  claim.state = OrderState::paid;
  claim.prompt_edit_ends_us = to_us(from_unix_s(1'790'000'000));
  const auto mail = mail_of(about("prompt_refused"), claim, session_in("en"));
  REQUIRE(mail.has_value());
  CHECK(mail->subject.contains("write another one"));
  CHECK(mail->text.contains("It costs you nothing more."));
  CHECK(mail->text.contains("by 2026-09-21 14:13 UTC, what is not made is refunded."));
  CHECK(mail->text.contains("Write another prompt:\nhttps://"));
  // The buyer was faster than the mail.
  claim.units[0].state = UnitState::waiting;
  CHECK(!mail_of(about("prompt_refused"), claim, session_in("en")));
}

TEST_CASE("mail texts: the language that serves a locale best") {
  CHECK(mail_language("ru") == "ru");
  CHECK(mail_language("es-MX") == "es");
  CHECK(mail_language("de") == "en");
  CHECK(mail_language("") == "en");
}

TEST_CASE("mail texts: values are put in, unknown names stay") {
  CHECK(filled("{a}-{b}-{a", {{"a", "1{b}"}}) == "1{b}-{b}-{a");
  CHECK(filled("", {}) == "");
  CHECK(escaped_html("<a b=\"c\">'&") == "&lt;a b=&quot;c&quot;&gt;&#39;&amp;");
}

TEST_CASE("mail: an order that waits for the generator says until when, and only while it does") {
  Claim claim = claim_of({UnitState::waiting});
  claim.state = OrderState::paid;
  const SessionData session = session_in("ru");
  CHECK_FALSE(mail_of(about("delayed"), claim, session, options));
  claim.units[0].away_us = 1;
  claim.refund_after_us = to_us(from_unix_s(1'795'843'920));
  const auto mail = mail_of(about("delayed"), claim, session, options);
  REQUIRE(mail);
  CHECK(mail->subject == phrases_in("ru").at("delayed_subject"));
  CHECK(mail->text.contains("2026-11-28 05:32 UTC"));
  CHECK(mail->html.contains("2026-11-28 05:32 UTC"));
}

TEST_CASE("mail: why it was not made is said in each language, where one reason is known") {
  for (const std::string_view language : mail_languages()) {
    CAPTURE(language);
    Claim claim = claim_of({back, back});
    const SessionData session = session_in(std::string(language));
    const std::string& why = phrases_in(language).at("why_refused_content");
    const auto told_why = [&] {
      return mail_of(about("failed"), claim, session)->text.contains(why);
    };
    CHECK_FALSE(told_why());
    claim.units[0].failure = Failure::content;
    CHECK_FALSE(told_why());
    claim.units[1].failure = Failure::content;
    CHECK(told_why());
    claim.units[1].failure = Failure::late;
    CHECK_FALSE(told_why());
    claim.units[0].state = delivered;
    const std::string& late = phrases_in(language).at("why_too_late");
    CHECK(mail_of(about("delivered"), claim, session)->text.contains(late));
  }
}

TEST_CASE("mail: in each language both forms are whole and hold nothing private") {
  for (const std::string_view language : mail_languages()) {
    for (const char* news : {"delivered", "failed", "refunded"}) {
      CAPTURE(language);
      CAPTURE(news);
      const auto mail = told(news, {delivered, back, back}, std::string(language));
      REQUIRE(mail);
      CHECK(mail->to == "buyer@example.com");
      CHECK(mail->language == language);
      CHECK(mail->message_id == "msg_1@shop.example");
      CHECK(mail->subject == phrases_in(language).at(std::string(news) + "_subject"));
      const std::string link =
          fmt::format("https://video.example.com/{}/payment-success/{}", language, id);
      for (const std::string& form : {mail->text, mail->html}) {
        CHECK(form.find(link) != std::string::npos);
        CHECK(form.find("prompt") == std::string::npos);
        CHECK(form.find("buyer@") == std::string::npos);
        CHECK(form.contains(mail_money({1266, "usd"}, language)));
        CHECK_FALSE(form.contains("video.example.com:"));
      }
      CHECK(placeholders(mail->text).empty());
      CHECK(placeholders(mail->html).empty());
    }
  }
}

TEST_CASE("mail: says what became of the order, and no more") {
  CHECK(told("delivered", {delivered, delivered})->text.find('$') == std::string::npos);
  CHECK(told("delivered", {delivered, back})->text.find("1 of 2") != std::string::npos);
  CHECK(told("failed", {back})->text.find("$19.00 was refunded") != std::string::npos);
  Claim unpaid = claim_of({UnitState::waiting});
  unpaid.state = OrderState::unpaid;
  const auto mail = mail_of(about("failed"), unpaid, session_in(""), options);
  REQUIRE(mail);
  CHECK(mail->text.find("Nothing was charged.") != std::string::npos);
  CHECK_FALSE(told("refunded", {delivered}));  // it does not hold any more
  CHECK_FALSE(told("held", {delivered}));
  CHECK_FALSE(told("seen", {delivered}));
}

TEST_CASE("mail: one mail tells that nothing could be made and that the money is back") {
  const Phrases& english = phrases_in("en");
  const auto failed = told("failed", {back});
  REQUIRE(failed);
  CHECK(failed->text.contains(english.at("failed")));
  CHECK(failed->text.contains("$19.00 was refunded, the way you paid."));
  CHECK_FALSE(failed->text.contains("by itself"));
  const auto some = told("delivered", {delivered, back});
  REQUIRE(some);
  CHECK(some->text.contains("1 of 2 could be made."));
  CHECK(some->text.contains("$9.50 was refunded"));
  const auto soon = told("failed", {UnitState::refunding});
  REQUIRE(soon);
  CHECK(soon->text.contains("What you paid, $19.00, goes back to you by itself"));
}

TEST_CASE("mail: the shop's name, product and address, in every language") {
  Claim claim = claim_of({delivered});
  claim.price = "price_cat";
  for (const std::string_view language : mail_languages()) {
    CAPTURE(language);
    const SessionData session = session_in(std::string(language));
    const auto mail = mail_of(about("delivered"), claim, session, of_shop());
    REQUIRE(mail);
    CHECK(mail->subject.contains("Cats & Co"));
    CHECK(mail->subject.contains("Cat <video>"));
    CHECK(placeholders(mail->subject).empty());
    CHECK(mail->text.contains("Cat <video> · " + id));
    CHECK(mail->text.contains("help@shop.example"));
    CHECK_FALSE(mail->text.contains("mailto:"));
    CHECK(mail->html.contains("Cats &amp; Co"));
    CHECK(mail->html.contains("Cat &lt;video&gt;"));
    CHECK(mail->html.contains("background:#0b7a4b"));
    CHECK(placeholders(mail->text).empty());
    CHECK(placeholders(mail->html).empty());
    // The footer names the shop and not its host.
    CHECK_FALSE(mail->text.substr(mail->text.find("-- ")).contains("video.example.com"));
    const auto lost = mail_of(about("failed"), claim_of({back}), session, of_shop());
    REQUIRE(lost);
    CHECK(lost->subject == "Cats & Co: " + phrases_in(language).at("failed_subject"));
  }
  const auto mail = mail_of(about("delivered"), claim, session_in("en"), of_shop());
  CHECK(mail->subject == "Your order at Cats & Co: Cat <video> is ready");
}

TEST_CASE("mail: the link to all orders of an address is signed, names no order and ends") {
  BuyerMailOptions own = of_shop();
  own.link_key = Secret("whsec_1");
  OutboxMessage message = about("link");
  message.first_us = to_us(from_unix_s(1'000));
  const Claim claim = claim_of({delivered});
  for (const std::string_view language : mail_languages()) {
    CAPTURE(language);
    const SessionData session = session_in(std::string(language));
    const auto mail = mail_of(message, claim, session, own, from_unix_s(2'000));
    REQUIRE(mail);
    CHECK(mail->subject == "Cats & Co: " + phrases_in(language).at("link_subject"));
    const std::string link =
        orders_link(id, from_unix_s(1'000) + orders_link_life, "buyer@example.com", own.link_key);
    for (const std::string& form : {mail->text, mail->html}) {
      CHECK(form.contains(fmt::format("https://video.example.com/{}/orders/{}", language, link)));
      CHECK_FALSE(form.contains("Cat "));
      CHECK_FALSE(form.contains(phrases_in(language).at("order") + ":"));
      CHECK_FALSE(form.contains("a secret prompt"));
      CHECK(placeholders(form).empty());
    }
    CHECK_FALSE(mail_of(message, claim, session, own, from_unix_s(1'000) + orders_link_life));
  }
}

TEST_CASE("mail: a checkout that was left leads to the payment page, and only an expired one") {
  Claim claim = claim_of({UnitState::waiting});
  for (const std::string_view language : mail_languages()) {
    CAPTURE(language);
    const SessionData session = session_in(std::string(language));
    claim.state = OrderState::paid;
    CHECK_FALSE(mail_of(about("abandoned"), claim, session, of_shop()));
    claim.state = OrderState::expired;
    const auto mail = mail_of(about("abandoned"), claim, session, of_shop());
    REQUIRE(mail);
    CHECK(mail->subject == "Cats & Co: " + phrases_in(language).at("abandoned_subject"));
    for (const std::string& form : {mail->text, mail->html}) {
      CHECK(form.contains("https://video.example.com/pay/" + id));
      CHECK(placeholders(form).empty());
    }
  }
}

TEST_CASE("mail: a long order number is short in the text and whole in the link") {
  const std::string number = "cs_test_a1B2c3D4e5F6g7H8i9";
  OutboxMessage message = about("delivered");
  message.session = number;
  const auto mail = mail_of(message, claim_of({delivered}), session_in("en"), options);
  REQUIRE(mail);
  for (const std::string& form : {mail->text, mail->html}) {
    CHECK(form.contains("Order: cs_test_a1B2…g7H8i9"));
    CHECK(form.contains("/payment-success/" + number));
  }
}

// As Intl.NumberFormat writes them, which the page asks.
TEST_CASE("mail: an amount is the one of the page, in every language") {
  const auto text = [](std::int64_t amount, const char* currency, const char* language) {
    std::string shown = mail_money({amount, currency}, language);
    const std::string no_break = "\u00a0";
    for (std::size_t at = shown.find(no_break); at != std::string::npos;
         at = shown.find(no_break)) {
      shown.replace(at, no_break.size(), "_");
    }
    return shown;
  };
  CHECK(text(200, "usd", "en") == "$2.00");
  CHECK(text(123456750, "usd", "en") == "$1,234,567.50");
  CHECK(text(123456750, "usd", "hi") == "$12,34,567.50");
  CHECK(text(123456750, "usd", "tr") == "$1.234.567,50");
  CHECK(text(123456750, "usd", "ru") == "1_234_567,50_$");
  CHECK(text(123456750, "usd", "es") == "1.234.567,50_US$");
  CHECK(text(123450, "usd", "es") == "1234,50_US$");
  CHECK(text(200, "eur", "es") == "2,00_€");
  CHECK(text(200, "try", "tr") == "₺2,00");
  CHECK(text(200, "try", "en") == "TRY_2.00");
  CHECK(text(200, "rub", "ru") == "2,00_₽");
  CHECK(text(200, "gbp", "es") == "2,00_GBP");
  CHECK(text(1900, "jpy", "en") == "¥1,900");
  CHECK(text(5, "kwd", "en") == "KWD_0.005");
}

TEST_CASE("money: as many digits as the currency has at Stripe") {
  CHECK(money_text({1900, "usd"}, '.') == "19.00 USD");
  CHECK(money_text({5, "eur"}, ',') == "0,05 EUR");
  CHECK(money_text({1900, "jpy"}, '.') == "1900 JPY");
  CHECK(money_text({1900, "kwd"}, '.') == "1.900 KWD");
  CHECK(short_money_text({1900, "usd"}) == "$19.00");
  CHECK(short_money_text({-5, "eur"}) == "-€0.05");
  CHECK(short_money_text({1900, "jpy"}) == "1900 JPY");
  CHECK(money_text({0, "try"}, ',') == "0,00 TRY");
}

TEST_CASE("mail: what the server's answer means") {
  const auto judged = [](int code, bool to_recipient = false) {
    return mail_judged(MailReply{.code = code, .to_recipient = to_recipient}).result;
  };
  CHECK(judged(250) == SendResult::accepted);
  CHECK(judged(451) == SendResult::away);
  CHECK(judged(451, true) == SendResult::retry);
  CHECK(judged(550, true) == SendResult::rejected);
  CHECK(judged(550) == SendResult::away);  // our address, how much we send, what we say
  CHECK(judged(535) == SendResult::away);
  CHECK(judged(530, true) == SendResult::away);  // "log in first"
  CHECK(mail_judged(fail(Errc::not_sent, "nobody")).result == SendResult::away);
  CHECK(mail_judged(fail(Errc::invalid, "no address")).result == SendResult::skipped);
}

TEST_CASE("mail: nobody is written to without an address") {
  test::OrderWorld world;
  int sent = 0;
  const SendMail send = [&sent](Mail) -> boost::asio::awaitable<Result<MailReply>> {
    ++sent;
    co_return MailReply{.code = 250};
  };
  BuyerMail buyer(world.context, send, options);
  CHECK(world.run(buyer.deliver(about("delivered"))).result == SendResult::skipped);
  NewOrder order;
  order.session_id = id;
  order.claim = claim_of({delivered});
  SessionData session = session_in("ru");
  session.customerEmail.reset();
  order.session = encode_session(session);
  REQUIRE(world.run(world.store.orders->create(order)).has_value());
  CHECK(world.run(buyer.deliver(about("delivered"))).result == SendResult::skipped);
  CHECK(sent == 0);
  const std::string addressed = encode_session(session_in("ru"));
  REQUIRE(world.run(world.store.sessions->write_session(id, std::nullopt, addressed)).has_value());
  CHECK(world.run(buyer.deliver(about("delivered"))).result == SendResult::accepted);
  CHECK(sent == 1);
  REQUIRE(world.run(world.store.sessions->write_session(id, std::nullopt, "[]")).has_value());
  CHECK(world.run(buyer.deliver(about("delivered"))).result == SendResult::rejected);
  CHECK(sent == 1);
}

TEST_CASE("mail: each sentence begins as one") {
  for (const std::string_view language : mail_languages()) {
    for (const auto& [key, phrase] : phrases_in(language)) {
      const bool lower = phrase.front() >= 'a' && phrase.front() <= 'z';
      CHECK_MESSAGE(!lower, language, " ", key);
      for (const char* letter : {"ü", "ı", "ş", "ç", "ö", "ğ"}) {
        CHECK_FALSE_MESSAGE(phrase.starts_with(letter), language, " ", key);
      }
    }
  }
}

}  // namespace
}  // namespace claimcheck
