//! A file's lines, one at a time, none longer than a bound.

use std::io::{self, BufRead, Read};

/// Bytes of a line; the largest order has a tenth of it.
pub const MAX_LINE: usize = 1 << 20;

/// What Windows puts at the beginning of a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// One line, without what ends it.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Text(&'a [u8]),
    TooLong,
}

/// See above. Empty lines are counted and passed over.
pub struct Lines<R> {
    from: R,
    /// Of the line that was read last, from 1.
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub fn new(from: R) -> Self {
        Self { from, number: 0, buffer: Vec::new() }
    }

    /// The next line with its number; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        loop {
            self.buffer.clear();
            let most = MAX_LINE as u64 + 1;
            if self.from.by_ref().take(most).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.len() as u64 == most && self.buffer.last() != Some(&b'\n') {
                self.skip()?;
                return Ok(Some((self.number, Line::TooLong)));
            }
            if !self.buffer.strip_prefix(MARK).unwrap_or(&self.buffer).trim_ascii().is_empty() {
                break;
            }
        }
        let text = match self.number {
            1 => self.buffer.strip_prefix(MARK).unwrap_or(&self.buffer),
            _ => &self.buffer,
        };
        Ok(Some((self.number, Line::Text(text.trim_ascii()))))
    }

    /// The rest of a line, without keeping it.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            let held = self.from.fill_buf()?;
            let (used, ended) = match held.iter().position(|&byte| byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (held.len(), held.is_empty()),
            };
            self.from.consume(used);
            if ended {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(io::BufReader::with_capacity(16, text));
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            let line = match line {
                Line::Text(text) => String::from_utf8_lossy(text).into_owned(),
                Line::TooLong => "too long".to_owned(),
            };
            all.push((number, line));
        }
        all
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let told = |text: &str| all(text.as_bytes());
        assert_eq!(told(""), []);
        assert_eq!(told("\u{feff}a\r\n\n  \nb"), [(1, "a".into()), (4, "b".into())]);
        assert_eq!(told("\u{feff}\na\n"), [(2, "a".into())]);
        let long = format!("a\n{}\nb\n{}\nc", "x".repeat(MAX_LINE + 1), "y".repeat(MAX_LINE));
        let numbers: Vec<(u64, usize)> = told(&long).iter().map(|(n, line)| (*n, line.len())).collect();
        assert_eq!(numbers, [(1, 1), (2, "too long".len()), (3, 1), (4, MAX_LINE), (5, 1)]);
        assert_eq!(told(&"x".repeat(MAX_LINE * 3)), [(1, "too long".into())]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_counted_twice(parts in prop::collection::vec("[a-z ]{0,40}", 0..20)) {
            let expected: Vec<(u64, String)> = parts.iter().zip(1..)
                .map(|(part, number)| (number, part.trim().to_owned())).filter(|(_, part)| !part.is_empty()).collect();
            prop_assert_eq!(all(parts.join("\n").as_bytes()), expected);
        }
    }
}
