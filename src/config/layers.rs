//! Layers: files, `.env` and environment laid over each other, each value with its kind checked and its origin kept.

use super::{mistake::Mistake, names};
use config::{File, FileFormat, Map, Source, Value, ValueKind};
use std::collections::BTreeMap;

/// One value and where it was written.
#[derive(Debug, Clone)]
struct Leaf {
    value: Value,
    origin: String,
}

/// All settings by dotted name. The first layer says which settings there are, and of which kind each one is.
#[derive(Debug, Clone)]
pub struct Layers {
    defaults: BTreeMap<String, Leaf>,
    leaves: BTreeMap<String, Leaf>,
}

impl Layers {
    /// Starts with the text of the file that names every setting.
    pub fn new(defaults: &str, origin: &str) -> Result<Self, Mistake> {
        let defaults: BTreeMap<_, _> = leaves_of(defaults, origin)?.into_iter().collect();
        Ok(Self { leaves: defaults.clone(), defaults })
    }

    /// Lays a settings file over what is there.
    pub fn file(&mut self, text: &str, origin: &str) -> Result<(), Mistake> {
        for (key, leaf) in leaves_of(text, origin)? {
            self.put(key, leaf)?;
        }
        Ok(())
    }

    /// Lays environment variables over what is there; of two names for one setting the longer wins. An empty variable
    /// sets nothing, as container files leave many.
    pub fn variables<'a>(
        &mut self,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
        origin: &str,
    ) -> Result<(), Mistake> {
        let mut ours: Vec<_> = variables
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .filter_map(|(name, value)| names::setting(name).map(|(weight, key)| (weight, key, name, value)))
            .collect();
        ours.sort();
        for (_, key, name, text) in ours {
            let origin = format!("{name} in {origin}");
            let value = self.read_as_default(&key, text, &origin)?;
            self.put(key, Leaf { value, origin })?;
        }
        Ok(())
    }

    /// The settings as one tree, without those that are empty, ready to be read into sections.
    pub fn tree(&self) -> Value {
        let mut root = Map::new();
        for (key, leaf) in &self.leaves {
            let (section, name) = key.split_once('.').unwrap_or(("", key));
            let table =
                root.entry(section.to_owned()).or_insert_with(|| Value::from(Map::<String, Value>::new()));
            let optional = is_empty(&self.defaults[key].value) && is_empty(&leaf.value);
            if let (ValueKind::Table(table), false) = (&mut table.kind, optional) {
                table.insert(name.to_owned(), leaf.value.clone());
            }
        }
        Value::from(root)
    }

    /// Where the value of this setting was written.
    pub fn origin(&self, key: &str) -> Option<&str> {
        self.leaves.get(key).map(|leaf| leaf.origin.as_str())
    }

    fn put(&mut self, key: String, leaf: Leaf) -> Result<(), Mistake> {
        let default = self.default(&key, &leaf.origin)?;
        let expected = kind(default);
        if kind(&leaf.value) != expected {
            return Err(Mistake::about(&key, format_args!("it is not {expected}"), Some(&leaf.origin)));
        }
        self.leaves.insert(key, leaf);
        Ok(())
    }

    /// Reads an environment variable as the kind of value its setting has.
    fn read_as_default(&self, key: &str, text: &str, origin: &str) -> Result<Value, Mistake> {
        let default = self.default(key, origin)?;
        let wrong = || {
            let shown = if names::is_secret(key) { "it".to_owned() } else { format!("\"{text}\"") };
            Mistake::about(key, format_args!("{shown} is not {}", kind(default)), Some(origin))
        };
        Ok(match default.kind {
            ValueKind::Boolean(_) => text.parse::<bool>().map_err(|_| wrong())?.into(),
            ValueKind::I64(_) => text.trim().parse::<i64>().map_err(|_| wrong())?.into(),
            ValueKind::Array(_) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| Value::from(part.to_owned())).collect::<Vec<_>>().into()
            }
            _ => text.to_owned().into(),
        })
    }

    fn default(&self, key: &str, origin: &str) -> Result<&Value, Mistake> {
        self.defaults.get(key).map(|leaf| &leaf.value).ok_or_else(|| {
            let near = nearest(key, self.defaults.keys()).map(|near| format!(", did you mean {near}?"));
            Mistake::new(format_args!(
                "there is no setting {key} (from {origin}){}",
                near.unwrap_or_default()
            ))
        })
    }
}

fn leaves_of(text: &str, origin: &str) -> Result<Vec<(String, Leaf)>, Mistake> {
    let table = File::from_str(text, FileFormat::Toml)
        .collect()
        .map_err(|error| not_toml(origin, &error.to_string()))?;
    let mut leaves = Vec::new();
    for (section, value) in table {
        match value.kind {
            ValueKind::Table(entries) => leaves.extend(entries.into_iter().map(|(name, value)| {
                (format!("{section}.{name}"), Leaf { value, origin: origin.to_owned() })
            })),
            _ => leaves.push((section, Leaf { value, origin: origin.to_owned() })),
        }
    }
    Ok(leaves)
}

/// Keeps the place and the reason; the lines between repeat the file's text, which may hold a secret.
pub(super) fn not_toml(origin: &str, error: &str) -> Mistake {
    let mut lines = error.lines().filter(|line| !line.trim().is_empty());
    let place = lines.next().unwrap_or_default();
    Mistake::new(format_args!(
        "{origin} cannot be read: {place}: {}",
        lines.next_back().unwrap_or("not TOML")
    ))
}

fn is_empty(value: &Value) -> bool {
    matches!(&value.kind, ValueKind::String(text) if text.is_empty())
}

fn kind(value: &Value) -> &'static str {
    match value.kind {
        ValueKind::Boolean(_) => "true or false",
        ValueKind::I64(_) => "a whole number",
        ValueKind::String(_) => "a text",
        ValueKind::Array(_) => "a list",
        _ => "a text, a whole number, a list, true or false",
    }
}

/// The known name that differs in the fewest letters, where few enough differ to be a slip.
fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    known.map(|name| (distance(key, name), name)).filter(|(d, _)| *d <= 3).min().map(|(_, name)| name)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}
