#include "generator/fal_places.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace claimcheck::fal {

namespace {

// fal has two hosts for one queue, and an answer of one may name the other.
constexpr std::array<std::string_view, 2> own_hosts = {"https://queue.fal.run",
                                                       "https://queue.falrun.com"};

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

bool is_id(std::string_view text) {
  return text.find('/') == std::string_view::npos && is_plain_path(fmt::format("/{}", text));
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  return std::ranges::all_of(split(path.substr(1), '/'), [](std::string_view segment) {
    return !segment.empty() && !segment.starts_with('.') && std::ranges::all_of(segment, is_plain);
  });
}

std::string submit_place(const GenerationJob& job) {
  if (job.callback_url.empty()) return "/" + job.model;
  const bool has_query = job.callback_url.find('?') != std::string::npos;
  const std::string callback = fmt::format("{}{}{}={}", job.callback_url, has_query ? '&' : '?',
                                           callback_model, url_encode(job.model));
  return fmt::format("/{}?fal_webhook={}", job.model, url_encode(callback));
}

std::string path_of(std::string_view address, std::string_view configured_url) {
  std::vector<std::string_view> bases(own_hosts.begin(), own_hosts.end());
  bases.insert(bases.begin(), configured_url);
  for (const std::string_view base : bases) {
    if (!address.starts_with(base)) continue;
    const std::string_view path = address.substr(base.size());
    if (is_plain_path(path)) return std::string(path);
  }
  return {};
}

std::string handle_of(const boost::json::value& answer, std::string_view configured_url) {
  const auto path = [&](std::string_view name) {
    return path_of(json::text_at(answer, name), configured_url);
  };
  const std::string_view id = json::text_at(answer, "request_id");
  const JobPlaces told{std::string(id), path("status_url"), path("response_url"),
                       path("cancel_url")};
  if (!is_id(id) || told.status.empty() || told.result.empty()) return {};
  const std::string base = told.status.substr(0, told.status.rfind('/'));
  const bool documented = told.status == base + "/status" &&
                          base.ends_with(fmt::format("/requests/{}", id)) &&
                          (told.result == base || told.result == base + "/response") &&
                          (told.cancel.empty() || told.cancel == base + "/cancel");
  std::string handle =
      documented ? base.substr(1)
                 : fmt::format("{} {} {} {}", told.id, told.status, told.result, told.cancel);
  return handle.size() <= handle_bytes_max ? handle : "";
}

JobPlaces places_of(std::string_view handle) {
  const std::vector<std::string_view> paths = split(handle, ' ');
  const std::string base = fmt::format("/{}", handle);
  if (paths.size() == 1 && is_plain_path(base)) {
    return {base.substr(base.rfind('/') + 1), base + "/status", base, base + "/cancel"};
  }
  if (paths.size() != 4 || !is_plain_path(paths[1]) || !is_plain_path(paths[2])) return {};
  return {std::string(paths[0]), std::string(paths[1]), std::string(paths[2]),
          std::string(paths[3])};
}

std::string documented_handle(std::string_view model, std::string_view id) {
  if (!is_plain_path(fmt::format("/{}", model)) || !is_id(id)) return {};
  std::vector<std::string_view> parts = split(model, '/');
  // fal leaves out what follows the owner and the app; these two words stand before an owner.
  const std::size_t kept = parts.front() == "workflows" || parts.front() == "comfy" ? 3 : 2;
  if (parts.size() < kept) return {};
  parts.resize(kept);
  return fmt::format("{}/requests/{}", fmt::join(parts, "/"), id);
}

}  // namespace claimcheck::fal
