//! What happens in a lunch hour, and when: guests come, order, eat, pay and go. Pure; times are the play's own.
//!
//! Guests arrive along a hump, few at the beginning and at the end. A table's cooks start drinks and starters at once and
//! main courses when those are nearly ready; waiters carry what is ready a minute later. Some guests want another drink,
//! some a dessert, now and then something falls and is void.

use super::{
    dice::Dice,
    scene::{Line, Meal, Moment, Step},
};
use std::time::Duration;

/// Parties that a table has in an hour.
const TURNS: f64 = 1.5;
/// Guests wait at the door for so long, in minutes.
const PATIENCE: f64 = 10.0;
/// Of a hundred parties.
const LATE_LINES: u32 = 30;
const DESSERTS: u32 = 60;
const VOIDS: u32 = 8;
/// Of a hundred lines.
const NOTES: u32 = 12;
const WISHES: &[&str] =
    &["sin sal", "sin cebolla", "poco hecho", "muy hecho", "alergia: frutos secos", "para compartir"];

/// What course a dish is of. A dish's place in the list is how lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Drink,
    Starter,
    Main,
    Dessert,
}

/// The whole lunch, in the order of time. `tables` are free ones, `minutes` how long guests arrive.
pub fn lunch(seed: u32, minutes: u32, tables: usize, menu: &[Course]) -> Vec<Moment> {
    let mut dice = Dice::new(u64::from(seed));
    let minutes = f64::from(minutes);
    let parties = (tables as f64 * TURNS * minutes / 60.0).ceil() as usize;
    // The first party opens the door; the mean of two even chances is a hump.
    let mut arrivals: Vec<f64> =
        (1..parties).map(|_| minutes * f64::midpoint(dice.unit(), dice.unit())).collect();
    arrivals.push(0.0);
    arrivals.sort_by(f64::total_cmp);
    let mut free_from: Vec<f64> = vec![0.0; tables];
    let mut moments = Vec::new();
    for (party, arrival) in arrivals.into_iter().enumerate() {
        let first = free_from.iter_mut().enumerate().min_by(|(_, a), (_, b)| f64::total_cmp(a, b));
        let Some((table, free)) = first else { break };
        let seated = arrival.max(*free);
        if seated - arrival > PATIENCE {
            continue;
        }
        let mut visit = Visit { party, at: seated, moments: Vec::new(), dice: &mut dice, menu };
        visit.play(table);
        // Cleared and laid again.
        *free = visit.at + 2.0;
        moments.append(&mut visit.moments);
    }
    // Stable: what happens at once happens in the order that it was thought of.
    moments.sort_by_key(|moment: &Moment| moment.at);
    moments
}

/// A party while it is thought out.
struct Visit<'a> {
    party: usize,
    /// Minutes; moves on as they eat.
    at: f64,
    moments: Vec<Moment>,
    dice: &'a mut Dice,
    menu: &'a [Course],
}

impl Visit<'_> {
    fn play(&mut self, table: usize) {
        let covers = *self.dice.one_of(&[1, 2, 2, 2, 3, 4, 4, 6]).unwrap_or(&2);
        self.say(self.at, Step::Seat { table, covers });
        let lines = self.chosen(covers);
        let ordered = self.at + self.dice.between(1.0, 3.0);
        let eaten = self.ordered(Meal::Lunch, &lines, ordered);
        if self.dice.percent(LATE_LINES) {
            self.late(ordered, eaten);
        }
        self.at = eaten + self.dice.between(5.0, 9.0);
        if self.dice.percent(DESSERTS) {
            self.dessert(covers);
        }
        self.at += self.dice.between(3.0, 7.0);
        self.say(self.at, Step::Pay);
    }

    fn say(&mut self, minute: f64, step: Step) {
        self.moments.push(Moment { at: Duration::from_secs_f64(minute * 60.0), party: self.party, step });
    }

    /// What a party of so many wants, the same dishes together.
    fn chosen(&mut self, covers: u32) -> Vec<(Line, Course)> {
        let mut lines: Vec<(Line, Course)> = Vec::new();
        for course in [Course::Drink, Course::Starter, Course::Main] {
            for _ in 0..covers {
                if course == Course::Starter && !self.dice.percent(55) {
                    continue;
                }
                self.want(course, &mut lines);
            }
        }
        lines
    }

    fn want(&mut self, course: Course, lines: &mut Vec<(Line, Course)>) {
        let dishes: Vec<usize> = (0..self.menu.len()).filter(|&dish| self.menu[dish] == course).collect();
        let Some(&dish) = self.dice.one_of(&dishes) else { return };
        let wish = self.dice.percent(NOTES) && course != Course::Drink;
        let note = if wish { self.dice.one_of(WISHES).copied() } else { None };
        match lines.iter_mut().find(|(line, _)| line.dish == dish && line.note == note) {
            Some((line, _)) => line.qty += 1,
            None => lines.push((Line { dish, qty: 1, note }, course)),
        }
    }

    /// Sent and cooked; the minute in which the last is on the table.
    fn ordered(&mut self, meal: Meal, wanted: &[(Line, Course)], at: f64) -> f64 {
        // Of a menu that has nothing for them.
        if wanted.is_empty() {
            return at;
        }
        let lines = wanted.iter().map(|(line, _)| line.clone()).collect();
        self.say(at, Step::Order { meal, lines });
        self.cooked(meal, wanted, at)
    }

    /// Each line started and made ready, what is ready carried.
    fn cooked(&mut self, meal: Meal, lines: &[(Line, Course)], ordered: f64) -> f64 {
        let falls = self.dice.percent(VOIDS);
        let mut last = ordered;
        let mut carried = Vec::new();
        for (index, (_, course)) in lines.iter().enumerate() {
            let (waits, takes) = match course {
                Course::Drink => (self.dice.between(0.3, 1.0), self.dice.between(0.5, 2.0)),
                Course::Starter => (self.dice.between(0.5, 2.5), self.dice.between(3.0, 6.0)),
                Course::Main => (self.dice.between(3.0, 6.0), self.dice.between(6.0, 11.0)),
                Course::Dessert => (self.dice.between(0.5, 1.5), self.dice.between(1.0, 4.0)),
            };
            let (started, ready) = (ordered + waits, ordered + waits + takes);
            self.say(started, Step::Start { meal, line: index });
            if falls && lines.len() > 2 && index + 1 == lines.len() {
                self.say(f64::midpoint(started, ready), Step::Void { meal, line: index });
                continue;
            }
            self.say(ready, Step::Ready { meal, line: index });
            carried.push(ready + self.dice.between(0.4, 1.5));
            last = last.max(ready);
        }
        // By the end the cook bumps whatever is left, as one does.
        self.say(last, Step::Bump { meal });
        carried.push(last + 0.5);
        let done = carried.iter().copied().fold(last, f64::max);
        carried.into_iter().for_each(|minute| self.say(minute, Step::Serve { meal }));
        done
    }

    /// One more drink while they eat: a late line, which the kitchen has to see.
    fn late(&mut self, ordered: f64, eaten: f64) {
        let mut lines = Vec::new();
        self.want(Course::Drink, &mut lines);
        let Some((line, _)) = lines.pop() else { return };
        let asked = self.dice.between(ordered + 1.0, (eaten - 0.5).max(ordered + 1.0));
        self.say(asked, Step::Late { meal: Meal::Lunch, line });
        self.say(asked + 0.7, Step::See { meal: Meal::Lunch });
        self.say(eaten + 1.0, Step::Bump { meal: Meal::Lunch });
        self.say(eaten + 2.0, Step::Serve { meal: Meal::Lunch });
    }

    /// An order of its own, moves the visit on.
    fn dessert(&mut self, covers: u32) {
        let mut lines = Vec::new();
        (0..covers).for_each(|_| self.want(Course::Dessert, &mut lines));
        let eaten = self.ordered(Meal::Dessert, &lines, self.at);
        self.at = eaten + self.dice.between(3.0, 6.0);
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
