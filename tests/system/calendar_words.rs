//! What stands in a respondent's calendar: how to take part, how long, how to change it and whom to ask, in their own
//! language, without the name of the study or the personal link (E22, R5).

use serde_json::json;
use veldwerk::mail::Opened;

use crate::house::House;
use crate::study::{Study, WEDNESDAY_TEN};

const LINK: &str = "https://teams.example.org/l/meetup-join/19%3ameeting";

/// The description of a calendar object, line by line.
fn described(calendar: &str) -> Vec<String> {
    let whole = calendar.replace("\r\n ", "");
    let told = whole.lines().find_map(|line| line.strip_prefix("DESCRIPTION:")).unwrap();
    let plain = told.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";");
    plain.lines().filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect()
}

/// What the invites to an address say that were sent since the last look.
fn invites(house: &House, to: &str) -> Vec<Vec<String>> {
    let sent = house.deliver();
    let theirs = sent.iter().filter(|kept| kept.to.as_str().starts_with(to));
    let calendars = theirs.filter_map(|kept| Opened::read(&kept.message).unwrap().calendar);
    calendars.map(|calendar| described(&calendar)).collect()
}

fn study<'h>(house: &'h House, language: &str) -> Study<'h> {
    let modes = json!(["teams", "in_person"]);
    let study =
        house.bookable().with("language", language).with("modes", modes).with("teams_link", LINK).open();
    study.consent(study.first());
    study
}

#[test]
fn an_invite_says_how_to_take_part_how_long_how_to_change_it_and_whom_to_ask() {
    for (language, wanted) in [
        (
            "nl",
            [
                "Interview voor een onderzoek waaraan u meedoet.",
                "Het interview is online, in Microsoft Teams. Open op dat moment deze link:",
                LINK,
                "Het duurt ongeveer 60 minuten. Voorbereiden is niet nodig.",
                "Verzetten of afzeggen doet u op uw persoonlijke pagina. De link daarheen staat in de mail over \
                 deze afspraak.",
                "Vragen, of kunt u het daar niet meer wijzigen? Mail naar onderzoek@example.org.",
            ],
        ),
        (
            "en",
            [
                "Interview for a study in which you take part.",
                "The interview is online, in Microsoft Teams. Open this link at that time:",
                LINK,
                "It takes about 60 minutes. There is nothing to prepare.",
                "You can move or cancel it on your personal page. The link to it is in the mail about this \
                 appointment.",
                "Questions, or is it too late to change it there? Write to onderzoek@example.org.",
            ],
        ),
    ] {
        let house = House::open();
        let study = study(&house, language);
        study.book(study.first(), WEDNESDAY_TEN).expect(201);
        let told = invites(&house, "persoon0");
        assert_eq!(told, [wanted.map(ToOwned::to_owned).to_vec()]);
        let file = house.get_openly(&format!("/p/{}/interview.ics", study.first().token)).expect(200).text;
        assert_eq!(described(&file), wanted, "the file to download says the same");
        let whole = told.concat().join(" ");
        assert!(!whole.contains(&study.first().token) && !whole.contains("Sociaal domein"), "{whole}");
    }
}

#[test]
fn in_person_it_says_where_and_once_called_off_only_that() {
    let house = House::open();
    let study = study(&house, "nl");
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "in_person", "place": "Stationsplein 1, Ede" });
    study.press(study.first(), "interview", &body).expect(201);
    let told = invites(&house, "persoon0").concat();
    assert!(told.contains(&"U spreekt elkaar hier: Stationsplein 1, Ede".to_owned()), "{told:?}");
    assert!(!told.concat().contains("Teams"), "{told:?}");
    study.press(study.first(), "interview/cancel", &json!({})).expect(200);
    let over = "Deze afspraak staat niet meer in deze agenda. Vragen? Mail naar onderzoek@example.org.";
    assert_eq!(invites(&house, "persoon0"), [[over]]);
}

#[test]
fn whoever_made_the_appointment_is_not_told_of_a_personal_page_that_is_not_theirs() {
    let house = House::open();
    let study = study(&house, "nl");
    let joke = json!({ "name": "Joke Smit", "email": "joke.smit@gemeente.example.org" });
    let body = json!({ "starts_at": WEDNESDAY_TEN, "mode": "teams", "delegate": joke });
    study.press(study.first(), "interview", &body).expect(201);
    let told = invites(&house, "joke.smit").concat();
    assert_eq!(told[0], "Interview voor een onderzoek. U maakte deze afspraak voor iemand anders.");
    assert!(told.concat().contains("wie het interview heeft") && !told.concat().contains("uw persoonlijke"));
}
