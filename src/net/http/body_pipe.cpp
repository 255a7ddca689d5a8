#include "net/http/body_pipe.hpp"

#include "base/assert.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace claimcheck {

namespace asio = boost::asio;

bool BodyPipe::put(std::string_view bytes) {
  std::unique_ptr<Reader> reader;
  {
    const std::scoped_lock lock(mutex_);
    paused_ = waiting_.size() + bytes.size() > download_ahead_max;
    if (paused_) return false;
    reader = std::move(reader_);
    if (!reader) waiting_.append(bytes);
  }
  if (reader) give(std::move(reader), std::string(bytes));
  return true;
}

void BodyPipe::end(std::optional<Error> why) {
  std::unique_ptr<Reader> reader;
  Outcome outcome;
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    error_ = std::move(why);
    reader = std::move(reader_);
    if (reader) outcome = next();
  }
  if (reader) give(std::move(reader), std::move(outcome));
}

bool BodyPipe::take(Completion completion, const asio::any_io_executor& executor) {
  auto reader = std::make_unique<Reader>(std::move(completion), asio::make_work_guard(executor));
  Outcome outcome;
  bool resume = false;
  {
    const std::scoped_lock lock(mutex_);
    ENSURE(!reader_);
    if (!ready()) {
      reader_ = std::move(reader);
      return false;
    }
    outcome = next();
    resume = std::exchange(paused_, false);
  }
  give(std::move(reader), std::move(outcome));
  return resume;
}

BodyPipe::Outcome BodyPipe::next() {
  if (!waiting_.empty() || !error_) return std::exchange(waiting_, {});
  return std::unexpected(*error_);
}

// Posted: the reader must go on on its own thread.
void BodyPipe::give(std::unique_ptr<Reader> reader, Outcome outcome) {
  const asio::any_io_executor executor = reader->work.get_executor();
  asio::post(executor, [reader = std::move(reader), outcome = std::move(outcome)]() mutable {
    std::move(reader->completion)(std::move(outcome));
  });
}

}  // namespace claimcheck
