// Readers for the settings of workers: several processes of one server. Rows of the settings table
// (settings.cpp).
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

ReadOutcome read_workers(std::string_view text, Config& config);
ReadOutcome read_worker_listen(std::string_view text, Config& config);

// Several workers share a Redis that is nobody's child, and each has a port of its own, if any has.
void check_workers(const Config& config, ConfigErrors& errors);

// "host:port" of each worker alone; none without CLAIMCHECK_WORKER_LISTEN.
std::vector<std::string> worker_addresses(const Config& config);

}  // namespace claimcheck
