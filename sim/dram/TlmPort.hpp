#pragma once

#include <deque>
#include <map>
#include <string>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <vector>

#include "sim/dram/TlmMover.hpp"
#include "sim/time/KernelRun.hpp"

namespace loopsim {

/// The TLM-2.0 side of a TlmMover: makes each burst a transaction of the base protocol and follows its phases. A
/// transaction has command, address and length; the values of words do not travel with it, so data read are not looked
/// at and data written are zero.
class TlmPort : public tlm::tlm_mm_interface {
 public:
  using Socket = tlm_utils::simple_initiator_socket_optional<TlmPort>;
  Socket socket{"socket"};

  explicit TlmPort(KernelRun& run);

  /// The mover of the run that begins, and what wakes it.
  void use(TlmMover& mover, std::function<void()> wake);
  /// Sends a burst; the mover is told what becomes of it.
  void send(const TlmBurst& burst);
  /// Whether a memory is bound to the socket.
  bool is_bound() const { return socket.size() > 0; }

  /// Nobody refers to the transaction any more.
  void free(tlm::tlm_generic_payload* transaction) override { free_.push_back(static_cast<Transaction*>(transaction)); }

 private:
  tlm::tlm_sync_enum backward(tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase, sc_core::sc_time& delay);
  void accepted(tlm::tlm_generic_payload& transaction, sc_core::sc_time delay);
  void answered(tlm::tlm_generic_payload& transaction, sc_core::sc_time delay);

  /// A transaction with the bytes that it points to.
  struct Transaction : tlm::tlm_generic_payload {
    using tlm::tlm_generic_payload::tlm_generic_payload;
    std::vector<unsigned char> data;
  };
  /// Of one between BEGIN_REQ and BEGIN_RESP.
  struct UnderWay {
    std::int64_t burst = 0;
    bool taken = false;
  };

  KernelRun* run_;
  TlmMover* mover_ = nullptr;
  std::function<void()> wake_;
  std::map<tlm::tlm_generic_payload*, UnderWay> under_way_;  ///< of this run; an answer to an earlier one is ignored
  std::deque<Transaction> transactions_;                     ///< all that have been needed at a time
  std::vector<Transaction*> free_;
};

}  // namespace loopsim
