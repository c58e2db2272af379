//! What changed from one text to another: by lines and, where lines were rewritten, by words, so that a person sees at
//! a glance what was taken out and what came in.

use serde::Serialize;
use utoipa::ToSchema;

/// The most comparisons that are spent on two texts. Beyond it all that lies between what they begin and end with in
/// common is told as taken out and put in, which is true as well, only less exact.
const COMPARISONS: usize = 1_000_000;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TextFate)]
pub enum Fate {
    /// It stands in both.
    Kept,
    /// It stood only in the earlier one.
    Removed,
    /// It stands only in the later one.
    Added,
}

/// A piece of text and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TextPart)]
pub struct Part {
    /// What became of it.
    pub fate: Fate,
    /// The piece.
    pub text: String,
}

/// What leads from one text to another, in reading order. What was kept and removed is the earlier text, what was kept
/// and added the later one.
#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<Part> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut parts = Parts::default();
    let (mut gone, mut came) = (String::new(), String::new());
    for (fate, line) in compare(&old, &new) {
        match fate {
            Fate::Removed => gone.push_str(line),
            Fate::Added => came.push_str(line),
            Fate::Kept => {
                parts.rewritten(&gone, &came);
                (gone, came) = (String::new(), String::new());
                parts.push(Fate::Kept, line);
            }
        }
    }
    parts.rewritten(&gone, &came);
    parts.0
}

/// Whether nothing but what was kept is among the parts.
#[must_use]
pub fn is_same(parts: &[Part]) -> bool {
    parts.iter().all(|part| part.fate == Fate::Kept)
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn push(&mut self, fate: Fate, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.fate == fate => last.text.push_str(text),
            _ => self.0.push(Part { fate, text: text.to_owned() }),
        }
    }

    /// Lines that stand in place of others: by words, unless hardly a word was kept.
    fn rewritten(&mut self, gone: &str, came: &str) {
        let (old, new) = (words(gone), words(came));
        let steps = compare(&old, &new);
        let kept: usize =
            steps.iter().filter(|(fate, _)| *fate == Fate::Kept).map(|(_, word)| word.len()).sum();
        if kept * 3 < gone.len().max(came.len()) {
            self.push(Fate::Removed, gone);
            self.push(Fate::Added, came);
            return;
        }
        for (fate, word) in steps {
            self.push(fate, word);
        }
    }
}

/// A text as its words, each with the white space behind it.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// The steps from one list to another: a longest common subsequence is kept (Wagner and Fischer, 1974).
fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(Fate, &'a str)> {
    let head = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (first, old) = before.split_at(head);
    let new = after.get(head..).unwrap_or_default();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, last) = old.split_at(old.len() - tail);
    let new = new.get(..new.len() - tail).unwrap_or_default();
    let kept = |lines: &[&'a str]| lines.iter().map(|line| (Fate::Kept, *line)).collect::<Vec<_>>();
    let mut steps = kept(first);
    steps.extend(between(old, new));
    steps.extend(kept(last));
    steps
}

fn between<'a>(mut old: &[&'a str], mut new: &[&'a str]) -> Vec<(Fate, &'a str)> {
    let is_long = old.len().saturating_mul(new.len()) > COMPARISONS;
    let table = if is_long { Vec::new() } else { lengths(old, new) };
    let common = |old: usize, new: usize| table.get(old).and_then(|row| row.get(new)).copied().unwrap_or(0);
    let mut steps = Vec::with_capacity(old.len() + new.len());
    loop {
        match (old.split_first(), new.split_first()) {
            (Some((gone, rest)), Some((came, behind))) if !is_long && gone == came => {
                steps.push((Fate::Kept, *gone));
                (old, new) = (rest, behind);
            }
            (Some((gone, rest)), other)
                if other.is_none_or(|(_, behind)| {
                    common(rest.len(), new.len()) >= common(old.len(), behind.len())
                }) =>
            {
                steps.push((Fate::Removed, *gone));
                old = rest;
            }
            (_, Some((came, behind))) => {
                steps.push((Fate::Added, *came));
                new = behind;
            }
            _ => return steps,
        }
    }
}

/// How long a longest common subsequence of every two endings is, by the lengths of the endings.
fn lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut below = vec![0; new.len() + 1];
    let mut table = vec![below.clone()];
    for line in old.iter().rev() {
        let mut row = Vec::with_capacity(below.len());
        let mut left = 0;
        row.push(left);
        for (pair, other) in below.windows(2).zip(new.iter().rev()) {
            if let [diagonal, above] = pair {
                left = if line == other { *diagonal + 1 } else { left.max(*above) };
                row.push(left);
            }
        }
        table.push(row.clone());
        below = row;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as one line: `[-gone-]`, `{+came+}`, and what was kept as it is.
    fn told(before: &str, after: &str) -> String {
        let mark = |part: Part| match part.fate {
            Fate::Kept => part.text,
            Fate::Removed => format!("[-{}-]", part.text),
            Fate::Added => format!("{{+{}+}}", part.text),
        };
        difference(before, after).into_iter().map(mark).collect()
    }

    fn side(parts: &[Part], without: Fate) -> String {
        parts.iter().filter(|part| part.fate != without).map(|part| part.text.as_str()).collect()
    }

    #[test]
    fn a_word_that_changed_is_told_within_its_line() {
        assert_eq!(
            told("One.\nYou may stop at any time.\nBye.\n", "One.\nYou can stop at any time.\nBye.\n"),
            "One.\nYou [-may -]{+can +}stop at any time.\nBye.\n"
        );
    }

    #[test]
    fn lines_that_have_nothing_in_common_are_told_whole() {
        assert_eq!(
            told("All of this goes\n", "Nothing was kept here\n"),
            "[-All of this goes\n-]{+Nothing was kept here\n+}"
        );
        assert_eq!(told("a\nb\n", "a\nnew\nb\n"), "a\n{+new\n+}b\n");
        assert_eq!(told("", "x"), "{+x+}");
        assert!(is_same(&difference("a\nb", "a\nb")) && !is_same(&difference("a", "")));
    }

    #[test]
    fn both_texts_can_be_read_from_the_parts_however_long_they_are() {
        let line = |n: u32, of: u32| format!("{} {n}", n % of);
        let long = (0..5_000).map(|n| line(n, 7)).collect::<Vec<_>>().join("\n");
        let other = (0..5_000).rev().map(|n| line(n, 5)).collect::<Vec<_>>().join("\n");
        for (before, after) in
            [("a b c\nd", "b c\nd e\n\n"), (long.as_str(), other.as_str()), ("é <b>", "<b> é")]
        {
            let parts = difference(before, after);
            assert_eq!(side(&parts, Fate::Added), before);
            assert_eq!(side(&parts, Fate::Removed), after);
        }
    }
}
