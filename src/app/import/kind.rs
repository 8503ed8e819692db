//! What a line of the file can be, and why it is refused.

/// What a line can be, in the words of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Table,
    User,
    Customer,
    Dish,
    Document,
    Order,
    Production,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Table, Kind::User, Kind::Customer, Kind::Dish, Kind::Document, Kind::Order, Kind::Production];

    pub const fn name(self) -> &'static str {
        match self {
            Kind::Table => "table",
            Kind::User => "user",
            Kind::Customer => "customer",
            Kind::Dish => "dish",
            Kind::Document => "document",
            Kind::Order => "order",
            Kind::Production => "production",
        }
    }
}

/// Why a line is refused: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// None where even that is wrong.
    pub kind: Option<Kind>,
    pub why: Vec<String>,
}
