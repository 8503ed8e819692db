//! The documents and the wire: each of what the documents name is brought about once, and held against them; and the check
//! itself finds a document that is wrong.

mod calls;
mod document;
mod planted;
mod sockets;
