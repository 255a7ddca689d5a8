// What buyers and the shop are told of an order of images or audio files: the kind, and nowhere
// that it is of videos.
#include "base/json.hpp"
#include "notify/buyer_mail.hpp"
#include "notify/mail_text.hpp"
#include "notify/shop_webhook.hpp"
#include "support/media_claim.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

constexpr auto delivered = UnitState::delivered;
constexpr auto back = UnitState::refunded;

Claim claim_of(MediaKind kind, const std::vector<UnitState>& units) {
  return test::media_claim(kind, OrderState::done, units);
}

OutboxMessage about(const char* news) {
  OutboxMessage message;
  message.id = "msg_1";
  message.channel = Channel::mail;
  message.session = "cs_test_order";
  message.news = news;
  return message;
}

Mail mail_about(const Claim& claim, const char* news, std::string_view language = "en") {
  SessionData session;
  session.customerEmail = "buyer@example.com";
  session.locale = language;
  const BuyerMailOptions options = {.from = {"Cats", "orders@shop.example"},
                                    .reply_to = std::nullopt,
                                    .public_url = "https://orders.example.com",
                                    .shop = {}};
  const auto mail = buyer_mail(about(news), claim, session, options, Time());
  REQUIRE(mail);
  return *mail;
}

TEST_CASE("mail: an order of images or audio files is called so, one as one") {
  const auto image = MediaKind::image;
  const auto audio = MediaKind::audio;
  CHECK(mail_about(claim_of(image, {delivered}), "delivered").subject == "Your image is ready");
  const Mail images = mail_about(claim_of(image, {delivered, delivered}), "delivered");
  CHECK(images.subject == "Your images are ready");
  for (const std::string& form : {images.text, images.html}) {
    CHECK(form.contains("your images are ready. You can view them and download them"));
  }
  const Mail sound = mail_about(claim_of(audio, {delivered}), "delivered");
  CHECK(sound.subject == "Your audio file is ready");
  CHECK(sound.text.contains("You can listen to it"));
  CHECK(mail_about(claim_of(audio, {back, back}), "failed").subject ==
        "Your audio files could not be made");
  CHECK(mail_about(claim_of(audio, {back}), "refunded").subject ==
        phrases_in("en").at("refunded_subject"));
  CHECK(mail_about(claim_of(MediaKind::video, {delivered}), "delivered").subject ==
        "Your order is ready");
}

TEST_CASE("mail: in no language is a buyer of an image or a sound told about videos") {
  for (const std::string_view language : mail_languages()) {
    for (const MediaKind kind : {MediaKind::image, MediaKind::audio}) {
      for (const char* news : {"delivered", "failed", "refunded", "delayed"}) {
        CAPTURE(language);
        CAPTURE(news);
        const bool waits = std::string_view(news) == "delayed";
        Claim claim = claim_of(kind, {waits ? UnitState::waiting : delivered, back});
        if (waits) claim.state = OrderState::paid;
        claim.units[0].away_us = waits ? 1 : 0;
        const Mail mail = mail_about(claim, news, language);
        for (const char* video : {"video", "Video", "vídeo", "видео", "वीडियो"}) {
          for (const std::string& text : {mail.subject, mail.text, mail.html}) {
            CHECK_FALSE(text.contains(video));
          }
        }
        CHECK_FALSE(mail.text.contains('{'));
      }
    }
  }
}

TEST_CASE("the shop's webhook tells every kind but videos") {
  const auto told = [](MediaKind kind) {
    const std::string body =
        webhook_body(about("delivered"), claim_of(kind, {delivered}), SessionData());
    return std::string(json::text_at(json::parse(body).value().at("data"), "media"));
  };
  CHECK(told(MediaKind::video).empty());
  CHECK(told(MediaKind::image) == "image");
  CHECK(told(MediaKind::audio) == "audio");
}

}  // namespace
}  // namespace claimcheck
