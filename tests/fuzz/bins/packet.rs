//! cargo-fuzz's way into the target `packet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| comanda_fuzz::packet::run(bytes));
