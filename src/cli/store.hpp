// The commands that work on Redis alone: connects as the server does, runs one deed on the store,
// and disconnects. An embedded Redis that nobody serves is started for the time of the command.
#pragma once

#include "app/connect.hpp"
#include "app/service.hpp"
#include "config/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace claimcheck {

// `place` says which Redis it is, without password.
using StoreDeed = std::function<boost::asio::awaitable<ExitCode>(Store& store, std::string place)>;

ExitCode run_on_store(const Config& config, StoreDeed deed);

// For a deed that needs the connection itself, which is ended when the deed is done. `machine`: the
// clock of this machine.
using ConnectionDeed =
    std::function<boost::asio::awaitable<ExitCode>(StoreConnection& connection, Clock& machine)>;

ExitCode run_connected(const Config& config, ConnectionDeed deed);

// For a deed that decides by time: `clock` is Redis' own, and writes are answered as the server's.
using TimedDeed = std::function<boost::asio::awaitable<ExitCode>(Store& store, Clock& clock)>;

ExitCode run_on_store_as_server(const Config& config, TimedDeed deed);

// Prints the error; not_found is an exit code of its own.
ExitCode complain(const Error& error);

// `claimcheck refunds show` and `refunds release`.
ExitCode show_refunds(const Config& config);
ExitCode release_refunds(const Config& config);

}  // namespace claimcheck
