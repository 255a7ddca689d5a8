#include "app/workers.hpp"

#include "app/ports.hpp"
#include "base/log.hpp"
#include "base/log_form.hpp"
#include "base/tasks.hpp"
#include "config/worker_settings.hpp"
#include "net/child_process.hpp"
#include "net/descriptor.hpp"
#include "net/inherited.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <utility>

namespace claimcheck {

namespace {

namespace asio = boost::asio;

constexpr auto quiet = asio::as_tuple(asio::deferred);
constexpr Duration look_every = std::chrono::milliseconds(20);

struct Worker {
  std::size_t place;  // its index among the places
  std::unique_ptr<ChildProcess> process;
  asio::posix::stream_descriptor pipe;  // of Inherited::worker
  Duration started;
  bool serves = false;
  bool ended = false;
};
using WorkerPtr = std::shared_ptr<Worker>;

struct Place {
  WorkerPtr worker = nullptr;  // that serves here, or that another one must follow
  Duration pause = worker_pause_min;
};

struct WorkerPorts {
  Ports common;
  Ports own;  // one for each place, or none
};

class Workers {
 public:
  Workers(asio::io_context& io, Clock& clock, WorkerPorts ports, WorkerProgram program)
      : io_(io), clock_(clock), ports_(std::move(ports)), program_(std::move(program)) {}
  ExitCode run(std::size_t count);

 private:
  WorkerPtr start(std::size_t place);
  asio::awaitable<void> watch(WorkerPtr worker);
  asio::awaitable<void> follow(std::size_t place, WorkerPtr former);
  asio::awaitable<void> take_signals();
  asio::awaitable<void> exchange();
  asio::awaitable<bool> exchange_one(std::size_t place);
  asio::awaitable<void> stop(ExitCode code);
  asio::awaitable<void> end(WorkerPtr worker, Duration latest);

  asio::io_context& io_;
  Clock& clock_;
  WorkerPorts ports_;
  WorkerProgram program_;
  asio::signal_set signals_{io_, SIGTERM, SIGINT};
  std::vector<Place> places_;
  std::vector<WorkerPtr> all_;  // also those that are coming or going
  bool one_has_served_ = false;
  bool exchanging_ = false;
  bool exchange_again_ = false;
  bool stopping_ = false;
  ExitCode exit_code_ = ExitCode::ok;
  Tasks tasks_{io_.get_executor()};
};

ExitCode Workers::run(std::size_t count) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2}) signals_.add(signal);
  places_.resize(count);
  tasks_.start(take_signals());
  for (std::size_t place = 0; place < count; ++place) tasks_.start(follow(place, nullptr));
  io_.run();
  return exit_code_;
}

// Null when the system has no pipe or no process for it. It has no place yet.
WorkerPtr Workers::start(std::size_t place) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    log_error("worker_not_started", {{"why", "no pipe"}});
    return nullptr;
  }
  const Descriptor theirs(ends[1]);
  asio::posix::stream_descriptor ours(io_, ends[0]);
  // The pipe first: names are read by position.
  std::vector<int> given{theirs.get()};
  for (const auto& port : ports_.common) given.push_back(port->socket());
  if (place < ports_.own.size()) given.push_back(ports_.own[place]->socket());
  auto process = ChildProcess::start({.path = program_.path,
                                      .arguments = program_.arguments,
                                      .environment = program_.environment,
                                      .inherited = std::move(given),
                                      .inherited_names = inherited_worker_name},
                                     clock_);
  if (!process) {
    log_error("worker_not_started", {{"why", process.error().message}});
    return nullptr;
  }
  log_info("worker_started", {{"pid", (*process)->pid()}});
  auto worker =
      std::make_shared<Worker>(place, std::move(*process), std::move(ours), clock_.steady());
  all_.push_back(worker);
  tasks_.start(watch(worker));
  return worker;
}

// To its end. If it has its place until then, another one follows.
asio::awaitable<void> Workers::watch(WorkerPtr worker) {
  std::array<char, 1> byte{};
  const auto [mute, told] = co_await asio::async_read(worker->pipe, asio::buffer(byte), quiet);
  worker->serves = !mute;
  one_has_served_ |= worker->serves;
  if (worker->serves) co_await asio::async_read(worker->pipe, asio::buffer(byte), quiet);
  // Its pipe closes a moment before it is gone.
  while (worker->process->running()) co_await clock_.sleep(look_every);
  worker->ended = true;
  std::erase(all_, worker);
  Place& place = places_[worker->place];
  const bool by_itself = place.worker == worker && !stopping_;
  log(by_itself ? LogLevel::error : LogLevel::info, "worker_ended",
      {{"pid", worker->process->pid()}, {"with", worker->process->how_ended()}});
  if (!by_itself) co_return;
  // The settings were wrong from the beginning: another start would fail as well.
  const bool usage = worker->process->exit_code() == static_cast<int>(ExitCode::usage);
  if (usage && !one_has_served_) co_return co_await stop(ExitCode::usage);
  // One that has served for a while is followed soon.
  if (clock_.steady() - worker->started > worker_pause_max) place.pause = worker_pause_min;
  co_await clock_.sleep(place.pause);
  place.pause = std::min(place.pause * 2, worker_pause_max);
  co_await follow(worker->place, worker);
}

// Fills the place, if it is still that of the former worker.
asio::awaitable<void> Workers::follow(std::size_t index, WorkerPtr former) {
  while (!stopping_ && places_[index].worker == former) {
    const WorkerPtr next = start(index);
    if (next) places_[index].worker = next;
    if (!next) co_await clock_.sleep(worker_pause_max);
  }
}

// Of those that ask for no end only SIGHUP has a meaning.
asio::awaitable<void> Workers::take_signals() {
  while (true) {
    const int signal = co_await signals_.async_wait(asio::use_awaitable);
    if (signal == SIGTERM || signal == SIGINT) {
      tasks_.start(stop(ExitCode::ok));
    } else if (signal != SIGHUP) {
      log_info("signal_ignored", {{"signal", fmt::format("SIG{}", sigabbrev_np(signal))},
                                  {"why", "SIGHUP exchanges the workers"}});
    } else if (exchanging_) {
      exchange_again_ = true;  // those that are exchanged already have former settings
    } else if (!stopping_) {
      tasks_.start(exchange());
    }
  }
}

asio::awaitable<void> Workers::exchange() {
  exchanging_ = true;
  do {
    exchange_again_ = false;
    log_info("workers_exchanging", {{"workers", places_.size()}});
    std::size_t done = 0;
    while (done < places_.size() && co_await exchange_one(done)) ++done;
    const std::size_t left = places_.size() - done;
    log(left == 0 ? LogLevel::info : LogLevel::error, "workers_exchanged",
        {{"workers", done}, {"left", left}});
  } while (exchange_again_ && !stopping_);
  exchanging_ = false;
}

// False: there is none that serves in its place, so it stays, and those after it too.
asio::awaitable<bool> Workers::exchange_one(std::size_t index) {
  const WorkerPtr next = stopping_ ? nullptr : start(index);
  if (!next) co_return false;
  const Duration latest = clock_.steady() + worker_start_max;
  while (!next->serves && !next->ended && clock_.steady() < latest) {
    co_await clock_.sleep(look_every);
  }
  if (stopping_) co_return false;
  if (!next->serves || next->ended) {
    co_await end(next, clock_.steady() + worker_end_max);
    co_return false;
  }
  // The one that is there now: the former one may have been followed meanwhile.
  const WorkerPtr former = std::exchange(places_[index].worker, next);
  if (former) co_await end(former, clock_.steady() + worker_end_max);
  co_return true;
}

asio::awaitable<void> Workers::end(WorkerPtr worker, Duration latest) {
  worker->process->signal(SIGTERM);
  while (!worker->ended && clock_.steady() < latest) co_await clock_.sleep(look_every);
  if (!worker->ended) worker->process->signal(SIGKILL);
}

asio::awaitable<void> Workers::stop(ExitCode code) {
  if (std::exchange(stopping_, true)) co_return;
  exit_code_ = code;
  log_info("stopping", {{"workers", all_.size()}});
  const std::vector<WorkerPtr> all = all_;
  const Duration latest = clock_.steady() + worker_end_max;
  for (const WorkerPtr& each : all) each->process->signal(SIGTERM);  // all at once
  for (const WorkerPtr& each : all) co_await end(each, latest);
  log_info("stopped");
  io_.stop();
}

Result<WorkerPorts> open_all(asio::io_context& io, const Clock& clock, const Config& config) {
  // Not shared: the workers share the socket itself.
  auto common = open_ports(io.get_executor(), clock, config, inherited().ports, false);
  if (!common) return fail(common);
  WorkerPorts ports{.common = std::move(*common), .own = {}};
  for (const std::string& address : worker_addresses(config)) {
    auto port = HttpServer::listen(io.get_executor(), clock, address);
    if (!port) {
      return fail(Errc::invalid, port.error().message +
                                     ": set CLAIMCHECK_WORKER_LISTEN to the first of as many free "
                                     "ports as there are workers");
    }
    ports.own.push_back(std::move(*port));
  }
  return ports;
}

}  // namespace

ExitCode serve_by_workers(const Config& config, Clock& clock, WorkerProgram program) {
  asio::io_context io{1};
  Result<WorkerPorts> ports = open_all(io, clock, config);
  if (!ports) {
    log_end("start_failed", ports.error().message);
    return ExitCode::failed;
  }
  return Workers(io, clock, std::move(*ports), std::move(program))
      .run(static_cast<std::size_t>(config.workers));
}

}  // namespace claimcheck
