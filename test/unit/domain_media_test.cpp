// The kinds of what is sold: how files of each are called, which ending they get, and that a buyer
// of images or audio files is never told about videos.
#include "domain/media.hpp"
#include "domain/view.hpp"
#include "support/media_claim.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace claimcheck {
namespace {

Claim paid_for(MediaKind kind, const std::vector<UnitState>& units) {
  return test::media_claim(kind, OrderState::paid, units);
}

// Every text of the view, one below the other.
std::string texts_of(const Claim& claim) {
  const View view = view_of(claim);
  std::string texts = view.message.value_or("") + "\n" + view.error.value_or("") + "\n";
  for (const SessionFile& file : view.files) texts += file.error.value_or("") + "\n";
  return texts;
}

TEST_CASE("media: the ending follows the content type where that fits, else the kind") {
  const struct {
    MediaKind kind;
    const char* type;
    const char* ending;
  } rows[] = {{MediaKind::video, "video/mp4; codecs=avc1", ".mp4"},
              {MediaKind::video, "video/webm", ".webm"},
              {MediaKind::image, "image/webp", ".webp"},
              {MediaKind::image, "", ".png"},
              {MediaKind::image, "video/mp4", ".png"},
              {MediaKind::audio, "audio/wav", ".wav"},
              {MediaKind::audio, "application/octet-stream", ".mp3"}};
  for (const auto& row : rows) {
    CAPTURE(row.type);
    CHECK(file_ending(row.kind, row.type) == row.ending);
  }
  CHECK_FALSE(fits(MediaKind::audio, "image/png"));
  CHECK(fits(MediaKind::audio, "audio/anything"));
}

TEST_CASE("media: answers tell every kind but videos") {
  CHECK_FALSE(other_than_video(MediaKind::video).has_value());
  CHECK(other_than_video(MediaKind::image) == MediaKind::image);
  CHECK(other_than_video(MediaKind::audio) == MediaKind::audio);
}

TEST_CASE("view: an order of images or audio files is told about in its own words") {
  const struct {
    MediaKind kind;
    const char* one;
    const char* several;
    const char* again;
    const char* service;
  } rows[] = {
      {MediaKind::video, "video", "videos", "A video did", "The video service"},
      {MediaKind::image, "image", "images", "An image did", "The image service"},
      {MediaKind::audio, "audio file", "audio files", "An audio file did", "The audio service"}};
  for (const auto& row : rows) {
    CAPTURE(row.one);
    const auto failed = UnitState::failed;
    std::string texts = texts_of(paid_for(row.kind, {failed, failed, UnitState::running}));
    CHECK(texts.starts_with(fmt::format("2 of 3 {} could not be made. Nothing", row.several)));
    CHECK(texts.contains(fmt::format("This {} could not be made.", row.one)));

    Claim claim = paid_for(row.kind, {UnitState::refunded});
    claim.state = OrderState::done;
    texts += texts_of(claim);
    CHECK(texts_of(claim).contains(fmt::format("Your {} could not be made. Your pay", row.one)));
    claim.units.resize(2, claim.units[0]);
    texts += texts_of(claim);
    CHECK(texts_of(claim).contains(fmt::format("Your {} could not be made. Your", row.several)));
    claim.units[0].state = UnitState::delivered;
    texts += texts_of(claim);
    CHECK(texts_of(claim).contains(fmt::format("This {} was delivered; its link", row.one)));

    claim = paid_for(row.kind, {UnitState::running});
    claim.units[0].generations = 2;
    texts += texts_of(claim);
    CHECK(texts_of(claim).starts_with(row.again));
    claim = paid_for(row.kind, {UnitState::waiting});
    claim.units[0].away_us = 1;
    texts += texts_of(claim);
    CHECK(texts_of(claim).starts_with(row.service));
    if (row.kind != MediaKind::video) CHECK_FALSE(texts.contains("video"));
  }
}

TEST_CASE("view: what its files are is fulfilment's to write") { CHECK(fulfilment_owns("media")); }

}  // namespace
}  // namespace claimcheck
