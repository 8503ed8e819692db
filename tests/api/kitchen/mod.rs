//! The floor and the kitchen beyond specification 004: stations.

mod stations;
