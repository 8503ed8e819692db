//! cargo-fuzz's way into the target `plain`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| comanda_fuzz::plain::run(bytes));
