//! cargo-fuzz's way into the target `payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| comanda_fuzz::payload::run(bytes));
