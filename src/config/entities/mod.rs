//! `entities.toml`: the house's own entities, as they are written. What they mean, `vocabulary::resources` checks.

mod reader;

use super::{FOLDER, Mistake};
use config::{File, FileFormat, Source, ValueKind};
use reader::Table;
use std::{fs, io, path::Path};

/// The file as it was when the program was built.
const DEFAULTS: &str = include_str!("../../../config/entities.toml");
/// Its name in mistakes, where there is no other.
const BUILT_IN: &str = "the built-in entities";
const NAME: &str = "entities.toml";

/// Whether and how writing is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broadcast {
    Off,
    On,
    Legacy,
}

/// A value that stands for an absent one.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    Number(f64),
    Boolean(bool),
}

/// What can be said of all, of an entity, and of one of its routes; the narrower wins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    pub web_socket: Option<bool>,
    pub broadcast: Option<Broadcast>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredField {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub unique: bool,
    pub default: Option<Literal>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredRoute {
    pub kind: String,
    pub switches: Switches,
    pub event_name: Option<String>,
    pub roles: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredEntity {
    pub name: String,
    pub path: Option<String>,
    pub sub_path: Option<String>,
    pub api_tag: Option<String>,
    pub switches: Switches,
    pub namespaces: Option<Vec<String>>,
    pub read: Option<Vec<String>>,
    pub write: Option<Vec<String>>,
    /// The routes it has; absent: all.
    pub only: Option<Vec<String>>,
    pub fields: Vec<DeclaredField>,
    pub routes: Vec<DeclaredRoute>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    /// Where it was read, for people.
    pub origin: String,
    pub switches: Switches,
    pub namespaces: Option<Vec<String>>,
    pub entities: Vec<DeclaredEntity>,
}

impl Declared {
    /// True where the house has no file of its own.
    pub fn is_built_in(&self) -> bool {
        self.origin == BUILT_IN
    }
}

/// The file of the folder the program runs in, or else the built-in one.
pub fn read(folder: &Path) -> Result<Declared, Mistake> {
    let origin = format!("{FOLDER}/{NAME}");
    match fs::read_to_string(folder.join(&origin)) {
        Ok(text) => parse(&text, &origin),
        Err(error) if error.kind() == io::ErrorKind::NotFound => built_in(),
        Err(error) => Err(Mistake::new(format_args!("{origin} cannot be read: {error}"))),
    }
}

/// The file as it was when the program was built.
pub fn built_in() -> Result<Declared, Mistake> {
    parse(DEFAULTS, BUILT_IN)
}

/// Reads a declaration; `origin` is its name in mistakes.
pub fn parse(text: &str, origin: &str) -> Result<Declared, Mistake> {
    let members = File::from_str(text, FileFormat::Toml).collect();
    let members = members.map_err(|error| super::layers::not_toml(origin, &error.to_string()))?;
    let mut all = Table::new(origin.to_owned(), members);
    let (switches, namespaces) = (switches(&mut all)?, all.texts("namespaces")?);
    let entities = all.tables("entities")?;
    all.finish()?;
    let entity =
        |(n, members)| entity(Table::new(format!("{origin}: entity number {}", n + 1), members), origin);
    let entities = entities.into_iter().enumerate().map(entity).collect::<Result<_, _>>()?;
    Ok(Declared { origin: origin.to_owned(), switches, namespaces, entities })
}

fn switches(table: &mut Table) -> Result<Switches, Mistake> {
    let web_socket = table.boolean("webSocket")?;
    let broadcast = match table.any("broadcast") {
        None => None,
        Some(ValueKind::Boolean(false)) => Some(Broadcast::Off),
        Some(ValueKind::Boolean(true)) => Some(Broadcast::On),
        Some(ValueKind::String(text)) if text == "legacy" => Some(Broadcast::Legacy),
        Some(_) => return Err(table.mistake("broadcast must be true, false or \"legacy\"")),
    };
    Ok(Switches { web_socket, broadcast })
}

fn entity(mut table: Table, origin: &str) -> Result<DeclaredEntity, Mistake> {
    let name = table.needed("name")?;
    table.called(format!("{origin}: entity {name}"));
    let read = DeclaredEntity {
        path: table.text("path")?,
        sub_path: table.text("subPath")?,
        api_tag: table.text("apiTag")?,
        switches: switches(&mut table)?,
        namespaces: table.texts("namespaces")?,
        read: table.texts("read")?,
        write: table.texts("write")?,
        only: table.texts("only")?,
        fields: Vec::new(),
        routes: Vec::new(),
        name,
    };
    let (fields, routes, at) = (table.tables("fields")?, table.tables("routes")?, table.at().to_owned());
    table.finish()?;
    let numbered = |what: &str, n: usize| format!("{at}, {what} number {}", n + 1);
    let field = |(n, members)| field(Table::new(numbered("field", n), members), &at);
    let route = |(n, members)| route(Table::new(numbered("route", n), members), &at);
    Ok(DeclaredEntity {
        fields: fields.into_iter().enumerate().map(field).collect::<Result<_, _>>()?,
        routes: routes.into_iter().enumerate().map(route).collect::<Result<_, _>>()?,
        ..read
    })
}

fn field(mut table: Table, at: &str) -> Result<DeclaredField, Mistake> {
    let name = table.needed("name")?;
    table.called(format!("{at}, field {name}"));
    let default = match table.any("default") {
        None => None,
        Some(ValueKind::String(text)) => Some(Literal::Text(text)),
        Some(ValueKind::Boolean(value)) => Some(Literal::Boolean(value)),
        Some(ValueKind::I64(value)) => Some(Literal::Number(value as f64)),
        Some(ValueKind::Float(value)) => Some(Literal::Number(value)),
        Some(_) => return Err(table.mistake("default must be a text, a number, true or false")),
    };
    let read = DeclaredField {
        kind: table.needed("type")?,
        required: table.boolean("required")?.unwrap_or(false),
        unique: table.boolean("unique")?.unwrap_or(false),
        default,
        min: table.number("min")?,
        max: table.number("max")?,
        min_length: table.count("minLength")?,
        max_length: table.count("maxLength")?,
        name,
    };
    table.finish()?;
    Ok(read)
}

fn route(mut table: Table, at: &str) -> Result<DeclaredRoute, Mistake> {
    let kind = table.needed("type")?;
    table.called(format!("{at}, route {kind}"));
    let (switches, event_name) = (switches(&mut table)?, table.text("eventName")?);
    let roles = table.texts("roles")?;
    table.finish()?;
    Ok(DeclaredRoute { kind, switches, event_name, roles })
}
