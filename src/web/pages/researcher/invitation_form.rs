//! What is chosen in the form for inviting and reminding: which letter, and whom it is meant for.

use crate::domain::respondent::RespondentStatus;
use crate::domain::wave::{Fitting, Selection, WaveKind};
use crate::id::RespondentId;
use crate::problem::Outcome;
use crate::web::api::respondents::STATUSES;
use crate::web::input::{self, Fields};
use crate::web::pages::forms::Given;

/// How many people may be passed over on the way to the part that is shown.
pub(super) const FURTHEST: i64 = 10_000_000;
/// The kinds of waves, by their letters.
pub(super) const KINDS: &str = "invitation, reminder";

/// A kind of wave by the name of its letter.
pub(super) struct Kind(pub(super) WaveKind);

impl std::str::FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let kind = WaveKind::ALL.into_iter().find(|kind| kind.letter().as_str() == text);
        kind.map(Self).ok_or(())
    }
}

/// Whom the letters are meant for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    All,
    Stratum,
    Ticked,
    /// Those whom the filter of the list left.
    Fitting,
}

impl Whom {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stratum => "stratum",
            Self::Ticked => "ticked",
            Self::Fitting => "fitting",
        }
    }
}

impl std::str::FromStr for Whom {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::All, Self::Stratum, Self::Ticked, Self::Fitting];
        all.into_iter().find(|whom| whom.as_str() == text).ok_or(())
    }
}

/// What is chosen in the form.
pub(super) struct Choices {
    pub(super) kind: WaveKind,
    pub(super) whom: Whom,
    pub(super) stratum: String,
    pub(super) ticked: Vec<String>,
    /// The stratum that the filter of the list names.
    pub(super) fitting_stratum: String,
    pub(super) fitting: Fitting,
    /// How many of those who get nothing come before the part that is shown.
    pub(super) from: usize,
}

impl Choices {
    /// What is chosen at first.
    pub(super) fn of(kind: WaveKind) -> Self {
        Self {
            kind,
            whom: Whom::All,
            stratum: String::new(),
            ticked: Vec::new(),
            fitting_stratum: String::new(),
            fitting: Fitting::default(),
            from: 0,
        }
    }

    pub(super) fn read(given: &Given) -> Outcome<Self> {
        let mut fields = Self::fields(given);
        let kind = fields.required("kind", input::word(KINDS));
        Self::chosen(given, fields, kind)
    }

    /// Whom something else than a letter is meant for; the kind of a letter that stands beside it says nothing.
    pub(super) fn read_whom(given: &Given) -> Outcome<Self> {
        let mut fields = Self::fields(given);
        let kind = fields.optional("kind", input::word(KINDS));
        Self::chosen(given, fields, kind.or(Some(Kind(WaveKind::Invitations))))
    }

    /// The fields of the form but for those that stand there more than once, or mean something else that can be done.
    fn fields(given: &Given) -> Fields {
        let others = ["respondents", "send", "act", "interviewer"];
        given.without(|name| others.contains(&name)).fields()
    }

    fn chosen(given: &Given, mut fields: Fields, kind: Option<Kind>) -> Outcome<Self> {
        let ticked = given.all("respondents").to_vec();
        let whom = fields.required("who", input::word("all, stratum, ticked, fitting"));
        // Whoever ticks somebody means them, though the button beside everybody is still pressed in as it was shown.
        let untouched = fields.optional("who_was", input::line).as_deref() == Some(Whom::All.as_str());
        let whom = whom.map(|whom| match whom {
            Whom::All if untouched && !ticked.is_empty() => Whom::Ticked,
            other => other,
        });
        let stratum = fields.optional("stratum", input::line).unwrap_or_default();
        let fitting_stratum = fields.optional("fit_stratum", input::line).unwrap_or_default();
        let fitting = Fitting {
            status: fields.optional("fit_status", input::word::<RespondentStatus>(STATUSES)),
            municipality: fields.optional("fit_municipality", input::id),
            wave: fields.optional("fit_wave", input::id),
            import: None,
        };
        let from = fields.optional("from", input::integer(0, FURTHEST)).unwrap_or(0);
        fields.finish(|| {
            let Kind(kind) = kind?;
            let from = usize::try_from(from).unwrap_or_default();
            Some(Self { kind, whom: whom?, stratum, ticked, fitting_stratum, fitting, from })
        })
    }

    /// The selection, and what is ticked without being an id: unknown like any other (E29).
    pub(super) fn selection(&self) -> (Selection, Vec<String>) {
        match self.whom {
            Whom::All => (Selection::new(None, None), Vec::new()),
            Whom::Fitting => {
                let stratum = Some(self.fitting_stratum.clone()).filter(|key| !key.is_empty());
                (Selection::new(None, stratum).fitting(self.fitting), Vec::new())
            }
            Whom::Stratum => (Selection::new(None, Some(self.stratum.clone())), Vec::new()),
            Whom::Ticked => {
                let (known, strange): (Vec<&String>, Vec<&String>) =
                    self.ticked.iter().partition(|text| text.parse::<RespondentId>().is_ok());
                let ids = known.into_iter().filter_map(|text| text.parse().ok()).collect();
                (Selection::new(Some(ids), None), strange.into_iter().cloned().collect())
            }
        }
    }
}
