//! The words in which a lunch hour is written down.

use std::time::Duration;

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the menu.
    pub dish: usize,
    pub qty: u32,
    pub note: Option<&'static str>,
}

/// Which of a party's orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meal {
    Lunch,
    Dessert,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A waiter seats the party at the n-th of the free tables.
    Seat { table: usize, covers: u32 },
    /// takes an order and sends it to the kitchen,
    Order { meal: Meal, lines: Vec<Line> },
    /// and one line more.
    Late { meal: Meal, line: Line },
    /// A cook begins the n-th line,
    Start { meal: Meal, line: usize },
    /// and has made it,
    Ready { meal: Meal, line: usize },
    /// and whatever else there is,
    Bump { meal: Meal },
    /// and has seen what is new or void.
    See { meal: Meal },
    /// A manager voids the n-th line.
    Void { meal: Meal, line: usize },
    /// A waiter carries what is ready.
    Serve { meal: Meal },
    /// The party pays and goes.
    Pay,
}

/// What a party has to do with, when; from the beginning of the play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub at: Duration,
    pub party: usize,
    pub step: Step,
}
