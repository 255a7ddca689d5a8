// MediaKind: what a tool sells, and so how its page shows it, how mails call it and how its files
// are named. Plain values.
#pragma once

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace claimcheck {

enum class MediaKind { video, image, audio };
BOOST_DESCRIBE_ENUM(MediaKind, video, image, audio)

// As answers tell it: nothing = videos, so that readers who know no other kind are not disturbed.
constexpr std::optional<MediaKind> other_than_video(MediaKind kind) {
  return kind == MediaKind::video ? std::nullopt : std::optional(kind);
}

// How the names of its files end: ".mp4", by the content type; without one that is known, the most
// usual of its kind.
std::string_view file_ending(MediaKind kind, std::string_view content_type);
// May a result of this content type be kept as this kind? Bytes without a type may.
bool fits(MediaKind kind, std::string_view content_type);
// For English sentences about that many of them: "video", "images", "audio files".
std::string_view media_noun(MediaKind kind, std::size_t count);

}  // namespace claimcheck
