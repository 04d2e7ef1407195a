// SPDX-License-Identifier: Apache-2.0
#include "models/disk/io_accounts.h"

#include <algorithm>

namespace cotenant {

IoAccounts::IoAccounts(const DiskSpec& spec, const JiffyClock& clock)
    : clock_(clock), accounts_(spec.groups.size()) {
  for (std::uint32_t g = 0; g < spec.groups.size(); ++g) {
    if (!spec.groups[GroupId(g)].total.is_none()) limited_.push_back(GroupId(g));
  }
}

// When the next IO may pass, whatever its size: it is paid for afterwards.
Instant IoAccounts::opens(const IoLimit& limit, const Account& account, Instant now) const {
  const Instant paid = std::max(account.paid, now);
  const std::int64_t second = second_at(now);
  if (limit.ios == 0 || account.second < second || account.ios < limit.ios) return paid;
  return std::max(paid, clock_.begins((second + 1) * clock_.per_second()));
}

void IoAccounts::charge(const IoLimit& limit, Account& account, Bytes bytes, Instant now) const {
  const std::int64_t second = second_at(now);
  if (account.second < second) account.ios = 0;
  account.second = second;
  ++account.ios;
  if (limit.bytes == 0) return;
  account.paid = now + Duration(scaled(bytes.count(), seconds(1).count(), limit.bytes));
}

// From the group that it is at, up to the first one that holds it back. True when none does.
bool IoAccounts::climb(const DiskSpec& spec, IoTable& ios, IoId id, Instant now) {
  Io& io = ios[id];
  for (; !io.throttled_at.is_none(); io.throttled_at = spec.groups[io.throttled_at].parent) {
    const IoLimit& limit = spec.groups[io.throttled_at].total;
    if (limit.is_none()) continue;
    Account& account = accounts_[io.throttled_at];
    const bool is_first = account.waiting.empty();
    const Instant when = is_first ? opens(limit, account, now) : account.opens;
    if (is_first && when == now) {
      charge(limit, account, io.bytes, now);
      continue;
    }
    account.opens = when;
    account.waiting.push_growing(id);
    return false;
  }
  return true;
}

bool IoAccounts::passes(const DiskSpec& spec, IoTable& ios, IoId id, Instant now) {
  if (limited_.empty()) return true;
  ios[id].throttled_at = ios[id].group;
  return climb(spec, ios, id, now);
}

Instant IoAccounts::next_instant() const {
  Instant next = Instant::never();
  for (const GroupId group : limited_) {
    const Account& account = accounts_[group];
    if (!account.waiting.empty()) next = std::min(next, account.opens);
  }
  return next;
}

void IoAccounts::open(const DiskSpec& spec, IoTable& ios, GroupId group, Instant now,
                      std::vector<IoId>& passed) {
  const IoLimit& limit = spec.groups[group].total;
  Account& account = accounts_[group];
  while (!account.waiting.empty()) {
    account.opens = opens(limit, account, now);
    if (account.opens > now) return;
    const IoId id = account.waiting.pop();
    charge(limit, account, ios[id].bytes, now);
    ios[id].throttled_at = spec.groups[group].parent;
    if (climb(spec, ios, id, now)) passed.push_back(id);
  }
}

void IoAccounts::advance(const DiskSpec& spec, IoTable& ios, Instant now,
                         std::vector<IoId>& passed) {
  for (const GroupId group : limited_) {
    if (accounts_[group].opens <= now) open(spec, ios, group, now, passed);
  }
}

void IoAccounts::hash_into(Hasher& hasher) const {
  for (const GroupId group : limited_) {
    const Account& account = accounts_[group];
    hasher.add_signed(account.paid.ns());
    hasher.add_signed(account.second);
    hasher.add_signed(account.ios);
    account.waiting.hash_into(hasher);
    hasher.add_signed(account.opens.ns());
  }
}

}  // namespace cotenant
