// BodyPipe: the bytes of one download, on their way from libcurl to the coroutine that reads them.
// At most download_ahead_max bytes wait in it; then the transfer pauses until they are taken.
// Private to CurlClient; the transfer and its reader own it together.
#pragma once

#include "net/http/http.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

class BodyPipe {
 public:
  using Outcome = Result<std::string>;
  using Completion = boost::asio::any_completion_handler<void(Outcome)>;

  // For libcurl. False = too many bytes wait: the transfer has to pause, and gives the same bytes
  // again later.
  bool put(std::string_view bytes);
  // Nothing more comes. What waits is still read, then the error, or the end.
  void end(std::optional<Error> why);

  // For the reader; one at a time. Gives it what waits, or the next bytes, on its executor. True =
  // the transfer has paused, and has to go on.
  [[nodiscard]] bool take(Completion completion, const boost::asio::any_io_executor& executor);

 private:
  struct Reader {
    Completion completion;
    boost::asio::executor_work_guard<boost::asio::any_io_executor> work;
  };

  bool ready() const { return !waiting_.empty() || ended_; }
  Outcome next();
  static void give(std::unique_ptr<Reader> reader, Outcome outcome);

  std::string waiting_;
  std::unique_ptr<Reader> reader_;  // it waits for bytes
  std::optional<Error> error_;
  bool ended_ = false;
  bool paused_ = false;
};

}  // namespace claimcheck
