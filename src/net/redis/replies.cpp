#include "net/redis/replies.hpp"

#include "base/assert.hpp"

#include <boost/redis/resp3/type.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace claimcheck {

namespace {

using boost::redis::resp3::node_view;
using boost::redis::resp3::type;

RedisReply integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return {std::string(text)};
  return {value};
}

RedisReply to_reply(const node_view& node) {
  const std::string_view text = node.value;
  if (is_aggregate(node.data_type)) return {RedisReply::Array()};
  switch (node.data_type) {
    case type::streamed_string:
      return {RedisReply::Array()};  // an array of its parts; no server sends it
    case type::null: return {};
    case type::number: return integer(text);
    case type::simple_error:
    case type::blob_error: return {RedisReply::Failure{std::string(text)}};
    case type::boolean: return {std::string(text.starts_with('t') ? "true" : "false")};
    case type::verbatim_string:
      return {std::string(text.substr(std::min<std::size_t>(4, text.size())))};
    default: return {std::string(text)};
  }
}

}  // namespace

void RedisReplies::add(const node_view& node) {
  ENSURE(node.depth <= open_.size());
  std::vector<RedisReply>& level = node.depth == 0 ? replies_ : *open_[node.depth - 1];
  level.push_back(to_reply(node));
  // Deeper pointers may be invalid now; they are removed here, before any of them is read.
  open_.resize(node.depth);
  auto* array = std::get_if<RedisReply::Array>(&level.back().value);
  if (array != nullptr) open_.push_back(array);
}

void RedisPushTexts::add(const node_view& node) {
  if (node.depth == 0) {
    pushes_.emplace_back();
    missing_ = 1;
  }
  if (pushes_.empty() || missing_ == 0) return;
  --missing_;
  if (is_aggregate(node.data_type)) {
    missing_ += node.aggregate_size * element_multiplicity(node.data_type);
  }
  if (node.data_type == type::blob_string) pushes_.back().emplace_back(node.value);
}

std::optional<std::vector<std::string>> RedisPushTexts::take() {
  const std::size_t whole = pushes_.size() - (missing_ > 0 ? 1 : 0);
  if (whole == 0) return std::nullopt;
  std::vector<std::string> texts = std::move(pushes_.front());
  pushes_.pop_front();
  return texts;
}

}  // namespace claimcheck
