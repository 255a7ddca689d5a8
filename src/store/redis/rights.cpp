#include "store/redis/rights.hpp"

#include "embedded/lua.hpp"

namespace claimcheck {

RedisCommand rights_question() { return {"EVAL", std::string(embedded::lua_rights), "0"}; }

std::optional<std::vector<std::string>> missing_rights(const RedisReply& reply) {
  using Rules = std::vector<std::string>;
  const RedisReply::Failure* refused = reply.failure();
  if (refused != nullptr && refused->text.starts_with("NOPERM")) return Rules{"+eval"};
  const RedisReply::Array* told = reply.array();
  if (told == nullptr) return std::nullopt;
  Rules rules;
  for (const RedisReply& rule : *told) {
    if (rule.text() != nullptr) rules.push_back(*rule.text());
  }
  return rules;
}

}  // namespace claimcheck
