// `claimcheck checkout show`, `pause` and `resume`: may buyers open new checkouts? It works on
// Redis alone; every process on that Redis keeps to it at once. Orders that exist are never
// touched.
#pragma once

#include "app/service.hpp"
#include "config/config.hpp"

namespace claimcheck {

enum class CheckoutCommand { show, pause, resume };

// away = Redis does not answer; then a pause may have been made or ended.
ExitCode run_checkout_command(const Config& config, CheckoutCommand command);

}  // namespace claimcheck
