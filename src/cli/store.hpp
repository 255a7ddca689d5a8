// The commands that work on Redis alone. Each connects as the server does, runs one deed on the
// store, and disconnects. If no server runs an embedded Redis, it is started for the time of the
// command.
#pragma once

#include "app/connect.hpp"
#include "app/service.hpp"
#include "config/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace claimcheck {

// `place`: the address of Redis, without the password.
using StoreDeed = std::function<boost::asio::awaitable<ExitCode>(Store& store, std::string place)>;

// All three return the deed's code, or complain() when Redis cannot be used.
ExitCode run_on_store(const Config& config, StoreDeed deed);

// For a deed that needs the connection itself, which ends after the deed. `machine`: the clock of
// this machine.
using ConnectionDeed =
    std::function<boost::asio::awaitable<ExitCode>(StoreConnection& connection, Clock& machine)>;

ExitCode run_connected(const Config& config, ConnectionDeed deed);

// For a deed that decides by time: `clock` is Redis' own, and writes are answered as for the
// server.
using TimedDeed = std::function<boost::asio::awaitable<ExitCode>(Store& store, Clock& clock)>;

ExitCode run_on_store_as_server(const Config& config, TimedDeed deed);

// Prints the error and returns its exit code: not_found, or away for every other one.
ExitCode complain(const Error& error);

// `claimcheck refunds show` and `refunds release`.
ExitCode show_refunds(const Config& config);
ExitCode release_refunds(const Config& config);

}  // namespace claimcheck
