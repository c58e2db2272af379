//! The figures, beside what they were hoped to be.

/// What was measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<(String, f64, String, bool)>,
    notes: Vec<(String, String)>,
}

impl Report {
    /// A figure that is to be no less than its goal.
    pub fn at_least(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≥ {goal}"), found >= goal);
    }

    /// A figure that is to be no more than its goal.
    pub fn at_most(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≤ {goal}"), found <= goal);
    }

    fn add(&mut self, what: &str, found: f64, goal: String, holds: bool) {
        println!("{what}: {found:.2} ({goal}{})", if holds { "" } else { ", missed" });
        self.rows.push((what.to_owned(), found, goal, holds));
    }

    /// A figure without a goal.
    pub fn note(&mut self, what: &str, found: String) {
        println!("{what}: {found}");
        self.notes.push((what.to_owned(), found));
    }

    /// Everything as tables in Markdown.
    pub fn print(&self) {
        println!("\n| what | measured | goal | |\n|---|---|---|---|");
        for (what, found, goal, holds) in &self.rows {
            println!("| {what} | {found:.2} | {goal} | {} |", if *holds { "holds" } else { "missed" });
        }
        println!();
        for (what, found) in &self.notes {
            println!("- {what}: {found}");
        }
    }
}

/// The one in the middle.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
