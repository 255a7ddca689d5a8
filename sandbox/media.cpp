#include "sandbox/media.hpp"

#include "sandbox/web_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace claimcheck::sandbox {

namespace {

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
};

// "bytes=0-99", "bytes=100-", "bytes=-5"; nothing when it is not valid for that size.
std::optional<Range> read_range(std::string_view text, std::size_t size) {
  if (!text.starts_with("bytes=")) return std::nullopt;
  text.remove_prefix(6);
  text = text.substr(0, text.find(','));
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || size == 0) return std::nullopt;
  const std::optional<std::size_t> first = number(text.substr(0, dash));
  const std::optional<std::size_t> last = number(text.substr(dash + 1));
  if (!first && !last) return std::nullopt;
  Range range{first.value_or(0), std::min(last.value_or(size - 1), size - 1)};
  if (!first) range = {size - std::min(*last, size), size - 1};
  if (range.first > range.last) return std::nullopt;
  return range;
}

}  // namespace

HttpResponse file_answer(const HttpRequest& request, std::string_view bytes,
                         std::string_view content_type) {
  HttpResponse response;
  response.headers = {{"content-type", std::string(content_type)},
                      {"accept-ranges", "bytes"},
                      {"access-control-allow-origin", "*"},
                      {"cache-control", "public, max-age=3600"}};
  const std::string* header = find_header(request.headers, "range");
  if (header == nullptr) {
    response.body = bytes;
    return response;
  }
  const std::optional<Range> range = read_range(*header, bytes.size());
  if (!range) {
    response.status = 416;
    response.headers.push_back({"content-range", fmt::format("bytes */{}", bytes.size())});
    return response;
  }
  response.status = 206;
  response.headers.push_back(
      {"content-range", fmt::format("bytes {}-{}/{}", range->first, range->last, bytes.size())});
  response.body = bytes.substr(range->first, range->last - range->first + 1);
  return response;
}

HttpResponse media_answer(const HttpRequest& request, const Generator& generator,
                          std::string_view video_bytes) {
  constexpr std::string_view videos = "/media/generated/video/";
  constexpr std::string_view images = "/media/uploaded/image/";
  const std::string_view path = request.path;
  const bool video = path.starts_with(videos) && path.ends_with(".mp4");
  const bool image = path.starts_with(images) && path.ends_with(".webp");
  if (video || image) {
    std::string_view place = path.substr(video ? videos.size() : images.size());
    place = place.substr(0, place.rfind('.'));
    if (generator.has_media(std::string(place))) {
      return video ? file_answer(request, video_bytes, "video/mp4")
                   : file_answer(request, web_file("sample.webp"), "image/webp");
    }
  }
  return {404, {}, "There is no such file.\n"};
}

}  // namespace claimcheck::sandbox
