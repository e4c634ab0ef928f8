#include "sim/noc/FairPeriods.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

__extension__ typedef __int128 Wide;

struct User {
  std::size_t flow = 0;
  std::int64_t cycles = 0;
};

/// A link and the flows that use it.
class LinkShares {
 public:
  explicit LinkShares(std::vector<User> users) : users_(std::move(users)) {}

  /// Asked of the link, of all its time.
  double asked(const std::vector<Cycle>& periods) const {
    double asked = 0;
    for (const User& user : users_) asked += share(user, periods);
    return asked;
  }

  /// Lengthens the periods of those that ask for most.
  void fit(std::vector<Cycle>& periods) const {
    std::vector<User> sorted = users_;
    std::sort(sorted.begin(), sorted.end(), [&](const User& a, const User& b) {
      // cycles / period, ascending
      const Wide left = Wide{a.cycles} * periods[b.flow].value, right = Wide{b.cycles} * periods[a.flow].value;
      return left != right ? left < right : a.flow < b.flow;
    });
    double left = 1;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const double fair = left / static_cast<double>(sorted.size() - i);
      const User& user = sorted[i];
      if (share(user, periods) <= fair) {
        left -= share(user, periods);
        continue;
      }
      Cycle& period = periods[user.flow];
      period = std::max(period, Cycle(static_cast<std::int64_t>(static_cast<double>(user.cycles) / fair)));
      if (share(user, periods) > fair * (1 + rounding)) period += Cycle(1);
      left -= fair;
    }
  }

  static constexpr double tolerance = 1e-9;  ///< far above the rounding of as many flows as there are

 private:
  static constexpr double rounding = 1e-13;

  static double share(const User& user, const std::vector<Cycle>& periods) {
    return static_cast<double>(user.cycles) / static_cast<double>(periods[user.flow].value);
  }

  std::vector<User> users_;
};

}  // namespace

std::vector<Cycle> fair_periods(const std::vector<std::vector<LinkDemand>>& demands, std::vector<Cycle> periods) {
  std::map<std::size_t, std::vector<User>> users;
  for (std::size_t flow = 0; flow < demands.size(); ++flow) {
    for (const LinkDemand& demand : demands[flow]) users[demand.link].push_back({flow, demand.cycles});
  }
  std::vector<LinkShares> links;
  for (auto& [link, of_link] : users) {
    if (of_link.size() > 1) links.emplace_back(std::move(of_link));
  }
  while (true) {
    const LinkShares* fullest = nullptr;
    double most = 1 + LinkShares::tolerance;
    for (const LinkShares& link : links) {
      const double asked = link.asked(periods);
      if (asked <= most) continue;
      fullest = &link;
      most = asked;
    }
    if (fullest == nullptr) return periods;
    fullest->fit(periods);
  }
}

}  // namespace loopsim
