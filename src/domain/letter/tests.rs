use super::*;

#[test]
fn every_kind_and_placeholder_is_found_by_its_name() {
    for kind in LetterKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for placeholder in Placeholder::ALL {
        assert_eq!(placeholder.as_str().parse(), Ok(placeholder));
    }
}

#[test]
fn values_are_put_in_once_and_never_read_again() {
    let filled = fill("Hello {{ name }}, {{name}}: {{link}} {{ {{date}}", |placeholder| match placeholder {
        Placeholder::Name => "{{link}}".to_owned(),
        other => other.as_str().to_uppercase(),
    });
    assert_eq!(filled, "Hello {{link}}, {{link}}: LINK {{ {{date}}");
}

#[test]
fn a_placeholder_that_the_letter_does_not_know_is_refused_with_those_it_does() {
    let problems = Wording::parse(LetterKind::Invitation, "About {{name}}", "Come {{date}} {% raw %}")
        .expect_err("both fields are wrong");
    let fields: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
    assert_eq!(fields, [("subject", FieldCode::UnknownPlaceholder), ("body", FieldCode::UnknownPlaceholder)]);
    let allowed = problems[1].parameters["allowed"].to_string();
    assert!(allowed.contains("{{link}}") && !allowed.contains("{{date}}"), "{allowed}");
}

#[test]
fn a_placeholder_that_does_not_end_is_refused() {
    let problems = Wording::parse(LetterKind::Invitation, "About {{study", "{{name}}, come {{link}")
        .expect_err("both fields are wrong");
    let fields: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
    assert_eq!(
        fields,
        [("subject", FieldCode::UnclosedPlaceholder), ("body", FieldCode::UnclosedPlaceholder)]
    );
    assert!(Wording::parse(LetterKind::Invitation, "About { {study", "{name}} }}").is_ok(), "single braces");
}

#[test]
fn the_subject_of_an_invite_can_name_neither_study_nor_person() {
    for kind in LetterKind::ALL {
        assert!(!kind.subject_placeholders().contains(&Placeholder::Name), "{kind}");
        if kind.calendar_method().is_some() {
            assert!(!kind.subject_placeholders().contains(&Placeholder::Study), "{kind}");
        }
    }
}

#[test]
fn an_empty_body_and_a_subject_of_two_lines_are_refused() {
    let problems = Wording::parse(LetterKind::Moved, "a\r\nBcc: b", " \n").expect_err("both are wrong");
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [FieldCode::ControlCharacter, FieldCode::Required]);
}
