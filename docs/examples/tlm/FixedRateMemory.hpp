#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/simple_target_socket.h>

/// A memory of a fixed rate and latency behind a TLM-2.0 target socket: one burst after the other goes over its pins,
/// and the next request is taken when they are free. Put your controller here.
class FixedRateMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<FixedRateMemory> socket{"socket"};

  FixedRateMemory(const sc_core::sc_module_name& name, std::int64_t bits_per_second, sc_core::sc_time latency)
      : sc_module(name), rate_(bits_per_second), latency_(latency), phases_(this, &FixedRateMemory::on_phase) {
    socket.register_nb_transport_fw(this, &FixedRateMemory::nb_transport_fw);
  }

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& burst, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
      const sc_core::sc_time now = sc_core::sc_time_stamp() + delay;
      const sc_core::sc_time end = std::max(now, free_at_) + time_of(burst.get_data_length());
      free_at_ = end;
      burst.acquire();
      phases_.notify(burst, tlm::END_REQ, end - sc_core::sc_time_stamp());
      const sc_core::sc_time latency = burst.is_read() ? latency_ : sc_core::SC_ZERO_TIME;
      phases_.notify(burst, tlm::BEGIN_RESP, end + latency - sc_core::sc_time_stamp());
    }
    return tlm::TLM_ACCEPTED;
  }

  /// On the pins, rounded up to a picosecond.
  sc_core::sc_time time_of(unsigned bytes) const {
    const double picoseconds = std::ceil(8e12 * bytes / static_cast<double>(rate_));
    return {picoseconds, sc_core::SC_PS};
  }

  void on_phase(tlm::tlm_generic_payload& burst, const tlm::tlm_phase& due) {
    tlm::tlm_phase phase = due;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (due == tlm::BEGIN_RESP) burst.set_response_status(tlm::TLM_OK_RESPONSE);
    socket->nb_transport_bw(burst, phase, delay);
    if (due == tlm::BEGIN_RESP) burst.release();
  }

  std::int64_t rate_;  ///< bits a second
  sc_core::sc_time latency_;
  sc_core::sc_time free_at_;
  tlm_utils::peq_with_cb_and_phase<FixedRateMemory> phases_;
};
