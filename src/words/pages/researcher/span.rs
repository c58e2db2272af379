//! A length of time as a person types it: a number, and what it counts. What is kept are minutes, to the minute.

use std::str::FromStr;

use serde::Serialize;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanUnit {
    /// Minutes.
    Minutes,
    /// Hours of 60 minutes.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl SpanUnit {
    const ALL: [Self; 3] = [Self::Days, Self::Hours, Self::Minutes];

    const fn in_minutes(self) -> i64 {
        match self {
            Self::Minutes => 1,
            Self::Hours => 60,
            Self::Days => 1_440,
        }
    }
}

impl FromStr for SpanUnit {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "minutes" => Ok(Self::Minutes),
            "hours" => Ok(Self::Hours),
            "days" => Ok(Self::Days),
            _ => Err(()),
        }
    }
}

/// A length of time in the fields of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The number as it was typed.
    pub amount: String,
    /// What it counts.
    pub unit: SpanUnit,
}

impl Span {
    /// So many minutes, in the largest unit of which they are a whole number.
    #[must_use]
    pub fn of(minutes: i32) -> Self {
        let minutes = i64::from(minutes);
        let fits = |unit: &SpanUnit| minutes != 0 && minutes % unit.in_minutes() == 0;
        // Nothing at all is told in hours, between the two that people mean.
        let unit = SpanUnit::ALL.into_iter().find(fits).unwrap_or(SpanUnit::Hours);
        Self { amount: (minutes / unit.in_minutes()).to_string(), unit }
    }

    /// The same in minutes. What is no whole number, or too large for any, stays as it was typed, to be refused by
    /// whoever reads it.
    #[must_use]
    pub fn in_minutes(&self) -> String {
        let number = self.amount.trim().parse::<i64>().ok();
        let minutes = number.and_then(|number| number.checked_mul(self.unit.in_minutes()));
        minutes.map_or_else(|| self.amount.clone(), |minutes| minutes.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_minutes_comes_back_to_the_minute() {
        for minutes in 0..=43_200 {
            assert_eq!(Span::of(minutes).in_minutes(), minutes.to_string());
        }
    }

    #[test]
    fn the_largest_unit_that_fits_is_shown() {
        for (minutes, amount, unit) in [
            (0, "0", SpanUnit::Hours),
            (1_440, "1", SpanUnit::Days),
            (2_160, "36", SpanUnit::Hours),
            (90, "90", SpanUnit::Minutes),
        ] {
            assert_eq!(Span::of(minutes), Span { amount: amount.to_owned(), unit });
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_was_typed() {
        for typed in ["", "1,5", "7x", "9223372036854775807"] {
            let span = Span { amount: typed.to_owned(), unit: SpanUnit::Days };
            assert_eq!(span.in_minutes(), typed);
        }
    }
}
