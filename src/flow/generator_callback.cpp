#include "flow/generator_callback.hpp"

#include "flow/note.hpp"
#include "store/number.hpp"

namespace claimcheck {

boost::asio::awaitable<Result<void>> note_callback(Context& context, std::string owner) {
  const std::size_t slash = owner.rfind('/');
  std::string session = owner.substr(0, slash);
  const auto unit = number_in<std::size_t>(owner.substr(slash + 1));
  Result<Claim> claim = co_await context.store.orders->load(session);
  if (!claim) co_return fail(claim);
  if (!unit || *unit >= claim->units.size()) co_return Result<void>();
  co_return co_await note(context, std::move(session), std::move(*claim),
                          CalledBack{.unit = *unit});
}

}  // namespace claimcheck
