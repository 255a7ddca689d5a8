#include "base/log_writer.hpp"

#include "base/log.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace claimcheck {

namespace {

struct Line {
  std::string text;
  std::int64_t tells = 0;  // how many dropped lines this one reports; 0 = an ordinary line
};

// Writes until all is written. Returns the rest when writing fails.
std::string_view write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {  // another process made it non-blocking
      pollfd reader{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
      ::poll(&reader, 1, -1);
    } else if (written == 0 || errno != EINTR) {
      return text;
    }
  }
  return text;
}

// Shared with the thread: its reader may block it for longer than the LogWriter lives.
class Backlog {
 public:
  static const std::shared_ptr<Backlog>& of_process() {
    static const auto backlog = std::make_shared<Backlog>();
    return backlog;
  }

  void open() {
    const std::scoped_lock lock(mutex_);
    // Also after an earlier LogWriter of this process: tests and commands may make several.
    open_ = true;
    ending_ = false;
  }

  // False = no LogWriter lives, so the caller must write the line itself.
  bool add(std::string& line) {
    bool idle = false;
    {
      const std::scoped_lock lock(mutex_);
      if (!open_) return false;
      queue(line);
      idle = !lines_.empty() && std::exchange(idle_, false);
    }
    // Without the lock: the thread would wake up only to wait for it.
    if (idle) work_.notify_one();
    return true;
  }

  bool flush(Duration patience) {
    std::unique_lock lock(mutex_);
    return !open_ || changed_.wait_for(lock, patience, [this] { return lines_.empty() && !busy_; });
  }

  // True = the thread ends now. False = its reader blocks it, and further lines are dropped.
  bool close(Duration patience) {
    std::unique_lock lock(mutex_);
    ending_ = true;
    work_.notify_all();  // also the thread of an earlier LogWriter, whose reader has come back
    return changed_.wait_for(lock, patience, [this] { return !open_; });
  }

  std::int64_t dropped() {
    const std::scoped_lock lock(mutex_);
    return dropped_;
  }

  void write_until_closed();

 private:
  void queue(std::string& line) {
    // The newest line is dropped, not the oldest: the first lines of a flood name its cause.
    if (bytes_ + line.size() > LogWriter::waiting_bytes_max) {
      ++untold_;
      ++dropped_;
      return;
    }
    // Before the line itself, so that the gap is reported at its place in the log.
    if (untold_ > 0) tell();
    put({.text = std::move(line)});
  }
  void put(Line line) {
    bytes_ += line.text.size();
    lines_.push_back(std::move(line));
  }
  void tell() {
    put({.text = log_line(LogLevel::warn, "log_lines_dropped", {{"lines", untold_}}),
         .tells = untold_});
    untold_ = 0;
  }
  void lose(const Line& line) {
    // A report that was lost is counted into the next one, but not as a dropped line of the log.
    untold_ += line.tells > 0 ? line.tells : 1;
    dropped_ += line.tells > 0 ? 0 : 1;
  }

  std::mutex mutex_;
  std::condition_variable work_;     // for the thread
  std::condition_variable changed_;  // for those who wait for it
  // All below is protected by the mutex.
  std::deque<Line> lines_;
  std::size_t bytes_ = 0;  // of the lines
  std::int64_t untold_ = 0;
  std::int64_t dropped_ = 0;
  bool open_ = false;
  bool busy_ = false;  // a line is being written
  bool idle_ = false;  // the thread waits for the first line
  bool ending_ = false;
};

void Backlog::write_until_closed() {
  bool flows = true;
  bool torn = false;  // a part of a line was written; the next one must begin a new line
  std::unique_lock lock(mutex_);
  while (true) {
    // Only while the reader takes lines: a report that cannot be written would be lost and counted
    // again without end.
    if (lines_.empty() && untold_ > 0 && flows) tell();
    if (lines_.empty()) {
      open_ = !ending_;
      changed_.notify_all();
      if (ending_) return;
      idle_ = true;
      work_.wait(lock, [this] { return ending_ || !lines_.empty(); });
      idle_ = false;
      continue;
    }
    const Line line = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= line.text.size();
    busy_ = true;
    // Written without the lock: a slow reader must not block the threads that log.
    lock.unlock();
    const std::string text = torn ? '\n' + line.text : line.text;
    const std::size_t left = write_all(text).size();
    lock.lock();
    busy_ = false;
    flows = left == 0;
    torn = flows ? false : torn || left < text.size();
    // Not tried again: a reader that is gone would stop the log for ever.
    if (!flows) lose(line);
  }
}

}  // namespace

LogWriter::LogWriter() {
  // A reader that ends, or a log file at its size limit, must not end the service.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const auto backlog = Backlog::of_process();
  backlog->open();
  thread_ = std::thread([backlog] { backlog->write_until_closed(); });
}

LogWriter::~LogWriter() {
  // A thread that its reader blocks cannot be joined; it shares the backlog and may outlive us.
  if (Backlog::of_process()->close(end_patience)) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void write_log(std::string line) {
  if (Backlog::of_process()->add(line)) return;
  std::fwrite(line.data(), 1, line.size(), stderr);  // one write: lines of threads do not mix
}

bool flush_log(Duration patience) { return Backlog::of_process()->flush(patience); }

std::int64_t log_lines_dropped() { return Backlog::of_process()->dropped(); }

}  // namespace claimcheck
