//! When two spellings are the same name. Nothing here knows any municipality.

use crate::domain::spelling;

/// A name without what [spellings](spelling::fold) differ in, and without the word *gemeente* (or *gem.*) at either
/// end. Folding twice changes nothing.
///
/// Since every kind of apostrophe separates words, `'s-Gravenhage` also fits where a spreadsheet has eaten it.
#[must_use]
pub fn fold(text: &str) -> String {
    without_gemeente(&spelling::fold(text)).to_owned()
}

fn without_gemeente(mut folded: &str) -> &str {
    loop {
        let shorter = ["gemeente ", "gem "].iter().find_map(|word| folded.strip_prefix(word));
        let shorter =
            shorter.or_else(|| [" gemeente", " gem"].iter().find_map(|word| folded.strip_suffix(word)));
        match shorter {
            Some(rest) => folded = rest,
            None => return folded,
        }
    }
}

/// The key under which a folded name is looked up: *aan de*, *aan den* and *a/d* are one, and so are *sint* and *st*.
pub(super) fn lookup_key(folded: &str) -> String {
    let spaced = format!(" {folded} ");
    let one = spaced.replace(" aan den ", " a d ").replace(" aan de ", " a d ").replace(" sint ", " st ");
    one.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_punctuation_and_the_word_gemeente_do_not_tell_names_apart() {
        for (text, folded) in [
            ("Súdwest-Fryslân", "sudwest fryslan"),
            ("  SU\u{301}DWEST  FRYSLAN ", "sudwest fryslan"),
            ("Nuenen, Gerwen en Nederwetten", "nuenen gerwen en nederwetten"),
            ("'s-Gravenhage", "s gravenhage"),
            ("\u{2019}s Gravenhage", "s gravenhage"),
            ("\u{2BC}s-Gravenhage", "s gravenhage"),
            ("s-Gravenhage", "s gravenhage"),
            ("\u{132}sselstein", "ijsselstein"),
            ("Capelle aan den \u{133}ssel", "capelle aan den ijssel"),
            ("Ijsselstein", "ijsselstein"),
            ("Gemeente Utrecht", "utrecht"),
            ("Utrecht (gemeente)", "utrecht"),
            ("gem. Utrecht", "utrecht"),
            ("Noord\u{AD}oost\u{200B}polder", "noordoostpolder"),
            ("Gemert", "gemert"),
            ("gemeente", "gemeente"),
            ("?!", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn aan_de_and_aan_den_and_their_abbreviation_share_a_key() {
        for text in ["Alphen aan den Rijn", "Alphen aan de Rijn", "Alphen a/d Rijn", "Alphen a.d. Rijn"] {
            assert_eq!(lookup_key(&fold(text)), "alphen a d rijn", "{text}");
        }
        assert_eq!(lookup_key("aan denken"), "aan denken");
        assert_eq!(lookup_key(&fold("Sint-Michielsgestel")), lookup_key(&fold("St. Michielsgestel")));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }

        #[test]
        fn folding_words_twice_changes_nothing(text in "((gemeente|gem|'s|IJ|É|[a-z]{1,3})[ ().\u{2019}-]?){0,8}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
