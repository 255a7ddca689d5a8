#include "domain/media.hpp"

#include "domain/names.hpp"

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

struct Ending {
  std::string_view type;
  std::string_view ending;
};

constexpr std::array endings = {
    Ending{"video/mp4", ".mp4"},   Ending{"video/webm", ".webm"}, Ending{"video/quicktime", ".mov"},
    Ending{"image/png", ".png"},   Ending{"image/jpeg", ".jpg"},  Ending{"image/webp", ".webp"},
    Ending{"image/gif", ".gif"},   Ending{"image/avif", ".avif"}, Ending{"audio/mpeg", ".mp3"},
    Ending{"audio/wav", ".wav"},   Ending{"audio/x-wav", ".wav"}, Ending{"audio/ogg", ".ogg"},
    Ending{"audio/flac", ".flac"}, Ending{"audio/mp4", ".m4a"},   Ending{"audio/aac", ".aac"}};

// "video/mp4; codecs=…" is a video/mp4.
std::string_view without_parameters(std::string_view type) {
  type = type.substr(0, std::min(type.find(';'), type.size()));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

}  // namespace

std::string_view file_ending(MediaKind kind, std::string_view content_type) {
  const auto found = std::ranges::find(endings, without_parameters(content_type), &Ending::type);
  if (found != endings.end() && fits(kind, content_type)) return found->ending;
  switch (kind) {
    case MediaKind::video: return ".mp4";
    case MediaKind::image: return ".png";
    case MediaKind::audio: return ".mp3";
  }
  return {};
}

std::string_view media_noun(MediaKind kind, std::size_t count) {
  const bool one = count == 1;
  switch (kind) {
    case MediaKind::video: return one ? "video" : "videos";
    case MediaKind::image: return one ? "image" : "images";
    case MediaKind::audio: return one ? "audio file" : "audio files";
  }
  return {};
}

bool fits(MediaKind kind, std::string_view content_type) {
  const std::string_view type = without_parameters(content_type);
  if (type.empty() || type == "application/octet-stream" || type == "binary/octet-stream") {
    return true;
  }
  const std::string_view family = type.substr(0, type.find('/'));
  return family == name_of(kind);
}

}  // namespace claimcheck
