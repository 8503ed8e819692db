//! The rows of the table: one file each, and one name in this list.

use crate::scenario::Scenario;

/// Declares the files and the list.
macro_rules! scenarios {
    ($($file:ident),* $(,)?) => {
        $(mod $file;)*
        /// In the table's order.
        pub const ALL: &[&Scenario] = &[$(&$file::SCENARIO),*];
    };
}

scenarios![
    r1_orders,
    r2_displays,
    r3_log_order,
    r4_kill,
    r5_restart,
    r6_cut_off,
    r7_swallowed,
    r8_rooms,
    r9_sockets,
    r10_slow,
    r11_storm,
    r12_clocks,
    r13_full_disk,
    r14_sigterm,
    s1_boards,
];
