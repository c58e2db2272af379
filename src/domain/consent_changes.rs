//! What changed from one version of a consent form to another, so that whoever publishes sees what people are asked
//! anew.

use serde::Serialize;
use utoipa::ToSchema;

use super::consent::{ConsentForm, ConsentItem};
use super::difference::{Fate, Part, difference, is_same};
use super::language::Language;

/// What changed in a form, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormChanges {
    /// In which language.
    pub language: Language,
    /// The introduction.
    pub intro: Vec<Part>,
    /// The items: those of the later form in its order, then those that it left out.
    pub items: Vec<ItemChanges>,
}

/// What changed in an item. It is known by its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemChanges {
    /// The key.
    pub key: String,
    /// Whether the item came in, was left out, or stands in both.
    pub fate: Fate,
    /// Whether a yes to it is needed, in the later form or else the earlier one.
    pub required: bool,
    /// Whether that is another answer than in the earlier form.
    pub required_changed: bool,
    /// Whether it stands at another place among the items that both have.
    pub moved: bool,
    /// The text.
    pub text: Vec<Part>,
}

impl FormChanges {
    /// What changed from `before` to `after` in a language.
    #[must_use]
    pub fn between(before: &ConsentForm, after: &ConsentForm, language: Language) -> Self {
        let find = |form: &'_ ConsentForm, key: &str| form.items.iter().position(|item| item.key == key);
        let mut items: Vec<ItemChanges> = Vec::new();
        for item in &after.items {
            let earlier = find(before, &item.key).and_then(|place| before.items.get(place));
            items.push(item_changes(earlier, Some(item), language));
        }
        let shared = |form: &ConsentForm, other: &ConsentForm| -> Vec<String> {
            let in_both = form.items.iter().filter(|item| find(other, &item.key).is_some());
            in_both.map(|item| item.key.clone()).collect()
        };
        let (old_order, new_order) = (shared(before, after), shared(after, before));
        for (old, new) in old_order.iter().zip(&new_order).filter(|(old, new)| old != new) {
            items.iter_mut().filter(|item| item.key == *old || item.key == *new).for_each(|i| i.moved = true);
        }
        let left_out = before.items.iter().filter(|item| find(after, &item.key).is_none());
        items.extend(left_out.map(|item| item_changes(Some(item), None, language)));
        Self { language, intro: difference(before.intro.text(language), after.intro.text(language)), items }
    }

    /// Whether a reader of this language sees the same in both.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let is_kept = |item: &ItemChanges| {
            item.fate == Fate::Kept && !item.required_changed && !item.moved && is_same(&item.text)
        };
        is_same(&self.intro) && self.items.iter().all(is_kept)
    }
}

fn item_changes(
    before: Option<&ConsentItem>,
    after: Option<&ConsentItem>,
    language: Language,
) -> ItemChanges {
    let text =
        |item: Option<&ConsentItem>| item.map(|item| item.text.text(language).to_owned()).unwrap_or_default();
    let known = after.or(before);
    let required = |item: Option<&ConsentItem>| item.is_some_and(|item| item.required);
    ItemChanges {
        key: known.map(|item| item.key.clone()).unwrap_or_default(),
        fate: match (before, after) {
            (Some(_), Some(_)) => Fate::Kept,
            (Some(_), None) => Fate::Removed,
            _ => Fate::Added,
        },
        required: required(known),
        required_changed: before.is_some() && after.is_some() && required(before) != required(after),
        moved: false,
        text: difference(&text(before), &text(after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bilingual::Bilingual;

    fn form(intro: &str, items: &[(&str, bool, &str)]) -> ConsentForm {
        let both = |text: &str| Bilingual { nl: text.to_owned(), en: String::new() };
        let item = |(key, required, text): &(&str, bool, &str)| ConsentItem {
            key: (*key).to_owned(),
            required: *required,
            text: both(text),
        };
        ConsentForm { intro: both(intro), items: items.iter().map(item).collect() }
    }

    #[test]
    fn items_are_known_by_their_key_and_every_way_to_change_one_is_told() {
        let before =
            form("Een.", &[("a", true, "Ik doe mee."), ("b", false, "Opname."), ("c", false, "Weg.")]);
        let after =
            form("Een.", &[("b", true, "Opname."), ("a", true, "Ik doe graag mee."), ("d", false, "Nieuw.")]);
        let changes = FormChanges::between(&before, &after, Language::Nl);
        let told: Vec<_> = changes
            .items
            .iter()
            .map(|i| (i.key.as_str(), i.fate, i.required_changed, i.moved, is_same(&i.text)))
            .collect();
        assert_eq!(
            told,
            [
                ("b", Fate::Kept, true, true, true),
                ("a", Fate::Kept, false, true, false),
                ("d", Fate::Added, false, false, false),
                ("c", Fate::Removed, false, false, false),
            ]
        );
        assert!(is_same(&changes.intro) && !changes.is_none());
        assert!(FormChanges::between(&before, &before, Language::Nl).is_none());
    }
}
