#include "sim/dram/TlmPort.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace loopsim {

TlmPort::TlmPort(KernelRun& run) : run_(&run) {
  socket.register_nb_transport_bw(this, &TlmPort::backward);
}

void TlmPort::use(TlmMover& mover, std::function<void()> wake) {
  mover_ = &mover;
  wake_ = std::move(wake);
  under_way_.clear();
}

void TlmPort::send(const TlmBurst& burst) {
  if (free_.empty()) {
    transactions_.emplace_back(this);
    free_.push_back(&transactions_.back());
  }
  Transaction& transaction = *free_.back();
  free_.pop_back();
  transaction.acquire();
  transaction.data.assign(static_cast<std::size_t>(burst.bytes), 0);
  transaction.set_command(burst.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  transaction.set_address(burst.address);
  transaction.set_data_ptr(transaction.data.data());
  transaction.set_data_length(static_cast<unsigned>(burst.bytes));
  transaction.set_streaming_width(static_cast<unsigned>(burst.bytes));
  transaction.set_byte_enable_ptr(nullptr);
  transaction.set_dmi_allowed(false);
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  under_way_[&transaction] = {burst.number, false};

  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  switch (socket->nb_transport_fw(transaction, phase, delay)) {
    case tlm::TLM_ACCEPTED:
      break;
    case tlm::TLM_UPDATED:
      backward(transaction, phase, delay);
      break;
    case tlm::TLM_COMPLETED:
      answered(transaction, delay);
      break;
  }
}

tlm::tlm_sync_enum TlmPort::backward(tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
  if (phase == tlm::END_REQ) {
    accepted(transaction, delay);
    return tlm::TLM_ACCEPTED;
  }
  if (phase == tlm::BEGIN_RESP) {
    answered(transaction, delay);
    return tlm::TLM_COMPLETED;
  }
  return tlm::TLM_ACCEPTED;
}

void TlmPort::accepted(tlm::tlm_generic_payload& transaction, sc_core::sc_time delay) {
  run_->act([&] {
    const auto known = under_way_.find(&transaction);
    if (known == under_way_.end() || known->second.taken) return;
    known->second.taken = true;
    mover_->accepted(run_->now() + Picoseconds(static_cast<std::int64_t>(delay.value())));
    wake_();
  });
}

/// A response stands for the end of its request too.
void TlmPort::answered(tlm::tlm_generic_payload& transaction, sc_core::sc_time delay) {
  run_->act([&] {
    accepted(transaction, delay);
    const auto known = under_way_.find(&transaction);
    if (known == under_way_.end()) return transaction.release();
    const std::int64_t burst = known->second.burst;
    under_way_.erase(known);
    if (transaction.is_response_error()) {
      throw std::runtime_error(fmt::format("the memory at the TLM socket refuses address {:#x}: {}",
                                           transaction.get_address(), transaction.get_response_string()));
    }
    transaction.release();
    mover_->answered(burst, run_->now() + Picoseconds(static_cast<std::int64_t>(delay.value())));
    wake_();
  });
}

}  // namespace loopsim
