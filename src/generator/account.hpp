// Account: what the generator says about our account, by calls that cost nothing: whether it takes
// the token, how many credits are left, which models it has. For `claimcheck doctor`; orders use
// generator/superduperai.hpp.
#pragma once

#include "base/error.hpp"
#include "generator/calls.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace claimcheck::superduperai {

struct Model {
  std::string name;
  std::string type;  // "text_to_video"
};

// Credits of the account; nothing = it does not say. Errors: forbidden (it refuses the token),
// unavailable (another status, or an answer that cannot be read), not_sent, ambiguous.
boost::asio::awaitable<Result<std::optional<double>>> read_balance(const ProviderCalls& calls);
// All models of the account. Errors: as above.
boost::asio::awaitable<Result<std::vector<Model>>> read_models(const ProviderCalls& calls);

}  // namespace claimcheck::superduperai
