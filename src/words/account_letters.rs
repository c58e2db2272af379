//! Letters about accounts: a subject and a plain text from the words, on the page that notes to the operator have too.

use serde_json::json;

use super::letters::Rendered;
use super::operator::page;
use super::{phrase, word};
use crate::domain::account_letter::{AccountLetter, INVITATION_DAYS, Matter, RESET_MINUTES};
use crate::problem::Outcome;

/// Writes a letter. `base_url` is what links begin with.
///
/// # Errors
/// [`crate::problem::Problem::Internal`] when the template is at fault.
pub fn write(letter: &AccountLetter, base_url: &str) -> Outcome<Rendered> {
    let language = letter.to.language;
    let told = match &letter.matter {
        Matter::Invitation { study, by, token } => json!({
            "study": study, "by": by, "link": format!("{base_url}/join/{token}"), "days": INVITATION_DAYS,
        }),
        Matter::Reset { token } => json!({
            "name": letter.to.name, "link": format!("{base_url}/password/{token}"), "minutes": RESET_MINUTES,
        }),
        Matter::News(_) => json!({
            "name": letter.to.name, "link": format!("{base_url}/password"),
        }),
    };
    let kind = letter.matter.kind();
    let text = phrase(language, &format!("account_letter.{kind}.text"), &told);
    let html = page(language, &text)?;
    Ok(Rendered { subject: word(language, &format!("account_letter.{kind}.subject")), text, html })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account_letter::News;
    use crate::domain::language::Language;
    use crate::domain::letter_facts::Addressee;

    fn every_matter() -> Vec<Matter> {
        let (study, by, token) = ("Sociaal domein".to_owned(), "Noor".to_owned(), "t0ken".to_owned());
        let mut all = vec![Matter::Invitation { study, by, token: token.clone() }, Matter::Reset { token }];
        all.extend(News::ALL.map(Matter::News));
        all
    }

    #[test]
    fn every_letter_about_an_account_is_written_in_every_language_with_its_link() {
        for language in Language::ALL {
            for matter in every_matter() {
                let to = Addressee { name: "Bram".to_owned(), email: "b@example.org".to_owned(), language };
                let letter = AccountLetter { to, matter };
                let written = write(&letter, "https://veldwerk.example.org").unwrap();
                assert!(!written.subject.starts_with("account_letter."), "{}", written.subject);
                assert!(
                    !written.text.contains(['{', '}']) && written.text.contains("https://"),
                    "{}",
                    written.text
                );
                assert!(written.html.contains("href=\"https://veldwerk.example.org/"), "{}", written.html);
            }
        }
    }
}
