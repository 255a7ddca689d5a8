#include "net/http/body_pipe.hpp"

#include "base/assert.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace claimcheck {

namespace asio = boost::asio;

bool BodyPipe::put(std::string_view bytes) {
  paused_ = waiting_.size() + bytes.size() > download_ahead_max;
  if (paused_) return false;
  if (reader_) {
    give(std::exchange(reader_, nullptr), std::string(bytes));
  } else {
    waiting_.append(bytes);
  }
  return true;
}

void BodyPipe::end(std::optional<Error> why) {
  ended_ = true;
  error_ = std::move(why);
  if (reader_) give(std::exchange(reader_, nullptr), next());
}

bool BodyPipe::take(Completion completion, const asio::any_io_executor& executor) {
  ENSURE(!reader_);
  auto reader = std::make_unique<Reader>(std::move(completion), asio::make_work_guard(executor));
  if (!ready()) {
    reader_ = std::move(reader);
    return false;
  }
  give(std::move(reader), next());
  return std::exchange(paused_, false);
}

BodyPipe::Outcome BodyPipe::next() {
  if (!waiting_.empty() || !error_) return std::exchange(waiting_, {});
  return std::unexpected(*error_);
}

// Posted: libcurl is in the middle of its own work, and the reader may want more of it.
void BodyPipe::give(std::unique_ptr<Reader> reader, Outcome outcome) {
  const asio::any_io_executor executor = reader->work.get_executor();
  asio::post(executor, [reader = std::move(reader), outcome = std::move(outcome)]() mutable {
    std::move(reader->completion)(std::move(outcome));
  });
}

}  // namespace claimcheck
