//! How the workplace offers what comes next: whom to book by name, nothing that would be refused, and what was done
//! under one name.

use crate::browser::Browser;
use crate::fieldwork::Fieldwork;
use crate::fieldwork::execute;

#[test]
fn whom_to_book_is_chosen_from_a_list_by_name_and_another_code_can_still_be_typed() {
    let f = Fieldwork::begin();
    let study = format!("/api/v1/studies/{}", f.study);
    let person = f.house.respondent(&f.owner, &study, "sanne", "Enschede");
    let id = person.rsplit('/').next().unwrap();
    execute(&f.house, &format!("UPDATE respondents SET status = 'consented' WHERE id = '{id}'"));
    f.respondent("R82", "invited");
    f.respondent("R84", "no_show");
    let code = f.house.get(&f.owner, &person).expect(200).json()["code"].as_str().unwrap().to_owned();
    let path = format!("/studies/{}/agenda/book?lang=nl", f.study);
    let page = Browser::of(&f.house, &f.owner).get(&path).expect(200).text;
    assert!(page.contains("<select id=\"code\" name=\"code\""), "{page}");
    let name = f.house.get(&f.owner, &person).json()["name"].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("<option value=\"{code}\">{code} {name}, Enschede</option>")), "{page}");
    assert!(page.contains("<option value=\"R84\">"), "who did not show up can be booked again: {page}");
    assert!(!page.contains("R82"), "who has not consented is not offered: {page}");
    let typed = Browser::of(&f.house, &f.owner).get(&format!("{path}&code=R82")).expect(200).text;
    assert!(typed.contains("<input type=\"text\" id=\"code\" name=\"code\" value=\"R82\""), "{typed}");
}

#[test]
fn invitations_name_the_missing_steps_instead_of_a_form_that_could_send_nothing() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let base = format!("/studies/{}", f.study);
    let path = format!("{base}/invitations?lang=en");
    let page = browser.get(&path).expect(200).text;
    let step = |page: &str, to: &str| {
        page.split_once("done first:")
            .is_some_and(|(_, rest)| rest.contains(&format!("href=\"{base}/{to}\"")))
    };
    assert!(!page.contains("name=\"kind\""), "no form: {page}");
    assert!(step(&page, "respondents") && !step(&page, "consent-forms"), "a form is published: {page}");
    f.respondent("R01", "listed");
    assert!(browser.get(&path).expect(200).text.contains("name=\"kind\""));
    execute(&f.house, "UPDATE consent_forms SET published_at = NULL, version = NULL");
    let page = browser.get(&path).expect(200).text;
    assert!(!page.contains("name=\"kind\"") && step(&page, "consent-forms"), "{page}");
}

#[test]
fn the_only_owner_is_told_so_and_offered_nothing_that_would_be_refused() {
    let f = Fieldwork::begin();
    let browser = Browser::of(&f.house, &f.owner);
    let path = format!("/studies/{}/members?lang=en", f.study);
    let own = f.owner_id();
    let page = browser.get(&path).expect(200).text;
    assert!(page.contains("(only owner)") && !page.contains(&format!("/members/{own}/remove")), "{page}");
    execute(&f.house, &format!("UPDATE members SET role = 'owner' WHERE study = '{}'", f.study));
    let page = browser.get(&path).expect(200).text;
    assert!(!page.contains("(only owner)") && page.contains(&format!("/members/{own}/remove")), "{page}");
}

#[test]
fn the_overview_counts_what_was_held_and_tells_what_is_booked_beside_it() {
    let f = Fieldwork::begin();
    for (code, status) in [("R01", "held"), ("R02", "booked"), ("R03", "booked")] {
        let respondent = f.respondent(code, status);
        f.interview(respondent, &format!("2027-03-0{}T09:00:00Z", code.chars().last().unwrap()), status);
    }
    let browser = Browser::of(&f.house, &f.owner);
    let page = browser.get(&format!("/studies/{}?lang=nl", f.study)).expect(200).text;
    let counted =
        "<strong>1</strong> <span class=\"quiet\">van 11</span> <span class=\"quiet also\">+2 gepland</span>";
    assert!(page.contains(counted), "{page}");
    assert!(page.contains("CBS, CC BY 4.0; bewerkt"), "the source is told in Dutch: {page}");
}

#[test]
fn a_respondents_page_has_one_next_step_and_folds_the_rest() {
    let f = Fieldwork::begin();
    let study = format!("/api/v1/studies/{}", f.study);
    let person = f.house.respondent(&f.owner, &study, "sanne", "Enschede");
    let id = person.rsplit('/').next().unwrap();
    let page = Browser::of(&f.house, &f.owner).get(&format!("/respondents/{id}?lang=en")).expect(200).text;
    assert_eq!(page.matches("class=\"button\"").count(), 1, "{page}");
    let (above, folded) = page.split_once("<details class=\"manage\">").unwrap();
    assert!(above.contains(&format!("class=\"button\" href=\"/studies/{}/invitations\"", f.study)), "{page}");
    assert!(!above.contains("/erase\"") && folded.contains("/erase\""), "{page}");
}

#[test]
fn the_page_of_a_closed_study_says_so_once_and_counts_nothing_that_is_not_there() {
    let f = Fieldwork::begin();
    f.house.post(&f.owner, &f.path("close"), &serde_json::json!({})).expect(200);
    let browser = Browser::of(&f.house, &f.owner);
    let page = browser.get(&format!("/studies/{}/closing?lang=en", f.study)).expect(200).text;
    assert!(page.contains("<h1>Recruitment is closed</h1>"), "{page}");
    assert!(!page.contains("has been closed since"), "no second notice: {page}");
    assert!(!page.contains("0 respondents") && !page.contains("0 interviews"), "{page}");
}
