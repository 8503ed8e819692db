//! One table of a declaration, read member by member: what has another kind, and what nobody asked for, is a mistake.

use crate::config::Mistake;
use config::{Map, Value, ValueKind};

/// A table and where it stands, for people.
pub(super) struct Table {
    /// `config/entities.toml: entity Product, field price`.
    at: String,
    members: Map<String, Value>,
}

impl Table {
    pub(super) fn new(at: String, members: Map<String, Value>) -> Self {
        Self { at, members }
    }

    pub(super) fn at(&self) -> &str {
        &self.at
    }

    /// From here on it is called so.
    pub(super) fn called(&mut self, at: String) {
        self.at = at;
    }

    pub(super) fn mistake(&self, what: impl std::fmt::Display) -> Mistake {
        Mistake::new(format_args!("{}: {what}", self.at))
    }

    fn read<T>(
        &mut self,
        name: &str,
        kind: &str,
        read: impl Fn(ValueKind) -> Option<T>,
    ) -> Result<Option<T>, Mistake> {
        let Some(value) = self.members.remove(name) else { return Ok(None) };
        read(value.kind).map(Some).ok_or_else(|| self.mistake(format_args!("{name} must be {kind}")))
    }

    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>, Mistake> {
        self.read(name, "true or false", |kind| match kind {
            ValueKind::Boolean(value) => Some(value),
            _ => None,
        })
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Mistake> {
        self.read(name, "a text", |kind| match kind {
            ValueKind::String(value) => Some(value),
            _ => None,
        })
    }

    pub(super) fn needed(&mut self, name: &str) -> Result<String, Mistake> {
        self.text(name)?.ok_or_else(|| self.mistake(format_args!("{name} is missing")))
    }

    pub(super) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Mistake> {
        self.read(name, "a list of texts", |kind| match kind {
            ValueKind::Array(values) => values
                .into_iter()
                .map(|value| match value.kind {
                    ValueKind::String(text) => Some(text),
                    _ => None,
                })
                .collect(),
            _ => None,
        })
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<f64>, Mistake> {
        self.read(name, "a number", |kind| match kind {
            ValueKind::I64(value) => Some(value as f64),
            ValueKind::Float(value) => Some(value).filter(|value| value.is_finite()),
            _ => None,
        })
    }

    pub(super) fn count(&mut self, name: &str) -> Result<Option<usize>, Mistake> {
        self.read(name, "a whole number from 0 on", |kind| match kind {
            ValueKind::I64(value) => usize::try_from(value).ok(),
            _ => None,
        })
    }

    /// Whatever value, as it stands.
    pub(super) fn any(&mut self, name: &str) -> Option<ValueKind> {
        self.members.remove(name).map(|value| value.kind)
    }

    /// The tables of a list; none where it is absent.
    pub(super) fn tables(&mut self, name: &str) -> Result<Vec<Map<String, Value>>, Mistake> {
        let tables = self.read(name, "a list of tables", |kind| match kind {
            ValueKind::Array(values) => values
                .into_iter()
                .map(|value| match value.kind {
                    ValueKind::Table(table) => Some(table),
                    _ => None,
                })
                .collect(),
            _ => None,
        });
        Ok(tables?.unwrap_or_default())
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Result<(), Mistake> {
        let mut left: Vec<&String> = self.members.keys().collect();
        left.sort();
        match left.first() {
            None => Ok(()),
            Some(name) => Err(self.mistake(format_args!("there is no option {name}"))),
        }
    }
}
