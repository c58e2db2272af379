//! No page shows a form that its reader would be refused, by role or since the study is in the archive (R11).

use std::collections::BTreeSet;

use serde_json::json;

use crate::browser::Browser;
use crate::pages_study::page_of;
use crate::panel::Panel;

/// The pages of a study that stay open to look at.
const PAGES: [&str; 18] = [
    "",
    "/respondents",
    "/municipalities",
    "/letters",
    "/wordings",
    "/consent-forms",
    "/agenda",
    "/interviews",
    "/guides",
    "/members",
    "/settings",
    "/settings/about",
    "/settings/places",
    "/strata",
    "/why-not",
    "/exports",
    "/proposals",
    "/incoming-mail",
];

/// Where the forms of a page post to, but for leaving; a form without a button posts nothing.
fn forms(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for form in page.split("<form method=\"post\"").skip(1) {
        let form = form.split("</form>").next().unwrap();
        let action = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
        let presses = form.split("<button").skip(1).filter(|button| !button.starts_with(" type=\"button\""));
        if action != "/sign-out" && presses.count() > 0 {
            found.insert(action.to_owned());
        }
    }
    found
}

/// A study in which something stands on every page.
fn furnished() -> Panel {
    let panel = Panel::of(2);
    panel.invite(&json!({ "respondents": null })).expect(200);
    panel.house.post(&panel.owner, &panel.path("guides"), &crate::fieldwork::guide()).expect(201);
    panel.book(0);
    panel
}

/// The pages of a study and of what is in it that somebody may open.
fn opened(panel: &Panel, browser: &Browser<'_>) -> Vec<(String, String)> {
    let base = page_of(&panel.study);
    let listed = |kind: &str| -> Vec<String> {
        let items = panel.house.get(&panel.owner, &panel.path(kind)).expect(200).json();
        items["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let mut paths: Vec<String> = PAGES.iter().map(|below| format!("{base}{below}")).collect();
    paths.extend(panel.people.iter().map(|id| format!("/respondents/{id}")));
    for (kind, noun) in [
        ("interviews", "interviews"),
        ("guides", "guides"),
        ("consent-forms", "consent-forms"),
        ("letters", "letters"),
    ] {
        paths.extend(listed(kind).iter().map(|id| format!("/{noun}/{id}")));
    }
    let sheets = listed("interviews").into_iter().map(|id| format!("/interviews/{id}/sheet"));
    paths.extend(sheets);
    let page = |path: String| {
        let page = browser.get(&path);
        (page.status == 200).then_some((path, page.text))
    };
    paths.into_iter().filter_map(page).collect()
}

#[test]
fn a_reader_sees_no_form_that_changes_anything() {
    let panel = furnished();
    let lea = panel.house.researcher("lea");
    panel.house.join(&panel.owner, &panel.study, &lea, "reader");
    let browser = Browser::of(&panel.house, &lea);
    let pages = opened(&panel, &browser);
    assert!(pages.len() > 12, "{}", pages.len());
    for (path, page) in pages {
        assert_eq!(forms(&page), BTreeSet::new(), "{path}");
        for way in ["/respondents/new", "/import\"", "/agenda/time", "/guides/new", "/consent-forms/new"] {
            assert!(!page.contains(way), "{path} leads to {way}");
        }
    }
}

#[test]
fn in_the_archive_no_page_shows_a_form_that_would_be_refused_and_each_says_why() {
    let panel = furnished();
    let ben = panel.house.researcher("ben");
    panel.house.join(&panel.owner, &panel.study, &ben, "interviewer");
    let [owner, interviewer] = [&panel.owner, &ben].map(|who| Browser::of(&panel.house, who));
    let base = page_of(&panel.study);
    assert!(opened(&panel, &owner).iter().any(|(_, page)| !forms(page).is_empty()), "there are forms before");
    owner.press(&format!("{base}/close"), "k", &[("interviews", "yes")]).expect(303);
    owner.press(&format!("{base}/archive"), "k", &[("exported", "true")]).expect(303);
    for (browser, words) in
        [(&owner, "href=\"{base}/archive\""), (&interviewer, "Een eigenaar van het onderzoek")]
    {
        let pages = opened(&panel, browser);
        assert!(pages.len() > 12, "{}", pages.len());
        for (path, page) in pages {
            let erasing = format!("{base}/batches");
            let shown: Vec<String> = forms(&page).into_iter().filter(|action| *action != erasing).collect();
            assert!(shown.is_empty(), "{path}: {shown:?}");
            assert!(page.contains("in het archief sinds"), "{path} says that it is archived");
            assert!(page.contains(&words.replace("{base}", &base)), "{path} says who can take it out");
        }
    }
    for below in
        ["/respondents/new", "/import", "/invitations", "/consent-forms/new", "/guides/new", "/availability"]
    {
        assert_eq!(owner.get(&format!("{base}{below}")).status, 409, "{below}");
    }
}
