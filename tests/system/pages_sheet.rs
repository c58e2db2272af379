//! The sheet as a page: what is read aloud stands in the respondent's language, and the words around it in the
//! researcher's.

use crate::browser::{Browser, field};
use crate::fieldwork::execute;
use crate::pages_of_fieldwork::everything;

#[test]
fn questions_and_consent_stand_in_the_respondents_language_and_the_rest_in_the_researchers() {
    let (f, paths) = everything();
    let sheet = paths.iter().find(|path| path.ends_with("/sheet")).unwrap();
    let browser = Browser::of(&f.house, &f.owner);

    let page = browser.get(&format!("{sheet}?lang=en")).expect(200).text;
    assert!(page.contains("<legend lang=nl>Vraag role?"), "{page}");
    assert!(page.contains("<span lang=\"nl\">Ik doe mee.</span>"), "{page}");
    assert!(page.contains("Save the sheet"), "the researcher reads English: {page}");

    let chosen = browser.get(&format!("{sheet}?lang=en&questions=en")).expect(200).text;
    assert!(chosen.contains("<legend>Question role?"), "{chosen}");
    assert!(chosen.contains("<span lang=\"en\">I take part.</span>"), "{chosen}");

    execute(&f.house, "UPDATE respondents SET language = 'en' WHERE code = 'R90'");
    let page = browser.get(&format!("{sheet}?lang=nl")).expect(200).text;
    assert!(page.contains("<legend lang=en>Question role?"), "{page}");
    assert!(page.contains("Gespreksblad bewaren"), "the researcher reads Dutch: {page}");
}

#[test]
fn saving_the_sheet_keeps_the_language_that_was_chosen_for_the_questions() {
    let (f, paths) = everything();
    let sheet = paths.iter().find(|path| path.ends_with("/sheet")).unwrap();
    let browser = Browser::of(&f.house, &f.owner);
    let page = browser.get(&format!("{sheet}?lang=nl&questions=en")).expect(200).text;
    let action = format!("{sheet}?questions=en");
    assert!(page.contains(&format!("action=\"{action}\"")), "{page}");
    let seen = field(&page, "seen").unwrap();
    let fields = [("state.0", "asked"), ("note.0", "Sinds 2019."), ("seen", &seen)];
    let saved = browser.press(&action, &field(&page, "key").unwrap(), &fields);
    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(saved.leads_to(), format!("{action}&done=saved"));
    let page = browser.get(saved.leads_to()).expect(200).text;
    assert!(page.contains("Question role?") && page.contains("Sinds 2019."), "{page}");
}
