// Amounts in mails: as the buyer's page shows them, which asks the browser (Intl). Signs stand for
// the currencies that are used most; every other one has its code. Pure.
#pragma once

#include "domain/money.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

// "$19.00", "19,00 US$", "₺19,00". The blank inside never breaks a line. For a result of
// mail_language().
std::string mail_money(const Money& money, std::string_view language);

}  // namespace claimcheck
