//! Who was invited to become a member of a study and has not answered. Their address is sealed: they did not ask to be
//! known here.

use diesel::prelude::*;

use super::Tx;
use super::schema::{account_letters as letters, member_invitations as invitations, studies, users};
use crate::clock::Instant;
use crate::domain::access::Role;
use crate::domain::delivery::LetterState;
use crate::domain::text::EmailAddress;
use crate::id::{InvitationId, LetterId, StudyId, UserId};
use crate::keys::About;
use crate::problem::{Outcome, Problem};

/// For how many days an invitation that nobody answered stays in the list after its end.
const KEPT_DAYS: i64 = 30;

/// An invitation that is to be kept.
#[derive(Debug, Clone)]
pub struct NewInvitation<'a> {
    /// To which study.
    pub study: StudyId,
    /// To whom.
    pub email: &'a EmailAddress,
    /// As what.
    pub role: Role,
    /// By whom.
    pub by: UserId,
    /// What the link is known by.
    pub link_digest: &'a str,
    /// The letter that carries it.
    pub letter: LetterId,
    /// Until when it holds.
    pub expires_at: Instant,
}

/// An invitation as the members see it.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To which study.
    pub study: StudyId,
    /// The study's name.
    pub title: String,
    /// Who invited.
    pub by: String,
    /// To whom.
    pub email: EmailAddress,
    /// As what.
    pub role: Role,
    /// The letter that carries it.
    pub letter: LetterId,
    /// What became of that letter, as long as that is remembered.
    pub state: Option<LetterState>,
    /// Until when it holds.
    pub expires_at: Instant,
}

type Row = (InvitationId, StudyId, String, String, Vec<u8>, Role, LetterId, Option<LetterState>, Instant);

/// Keeps an invitation, in place of an earlier one to the same address; answers the letter of that one.
///
/// # Errors
/// Only those of the database.
pub fn put(
    tx: &mut Tx<'_>,
    new: &NewInvitation<'_>,
    now: Instant,
) -> Outcome<(InvitationId, Option<LetterId>)> {
    let digest = email_digest(tx, new.study, new.email);
    let earlier: Option<LetterId> = tx.maybe(|c| {
        diesel::delete(
            invitations::table
                .filter(invitations::study.eq(new.study))
                .filter(invitations::email_digest.eq(&digest)),
        )
        .returning(invitations::letter)
        .get_result(c)
    })?;
    let id = InvitationId::new();
    let sealed = tx.keys().seal(&place(id), new.email.as_str().as_bytes())?;
    tx.run(|c| {
        diesel::insert_into(invitations::table)
            .values((
                invitations::id.eq(id),
                invitations::study.eq(new.study),
                invitations::email_digest.eq(digest),
                invitations::email_sealed.eq(sealed),
                invitations::role.eq(new.role),
                invitations::invited_by.eq(new.by),
                invitations::link_digest.eq(new.link_digest),
                invitations::letter.eq(new.letter),
                invitations::created_at.eq(now),
                invitations::expires_at.eq(new.expires_at),
            ))
            .execute(c)
    })?;
    Ok((id, earlier))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn shown() -> _ {
    invitations::table
        .inner_join(studies::table.on(studies::id.eq(invitations::study)))
        .inner_join(users::table.on(users::id.eq(invitations::invited_by)))
        .left_join(letters::table.on(letters::id.eq(invitations::letter)))
        .select((
            invitations::id,
            invitations::study,
            studies::title,
            users::name,
            invitations::email_sealed,
            invitations::role,
            invitations::letter,
            letters::state.nullable(),
            invitations::expires_at,
        ))
}

/// The invitations of a study that nobody has answered, the oldest first, at most two hundred.
///
/// # Errors
/// Those of the database, and when a seal is broken.
pub fn of_study(tx: &mut Tx<'_>, study: StudyId) -> Outcome<Vec<Invitation>> {
    let rows: Vec<Row> =
        tx.run(|c| shown().filter(invitations::study.eq(study)).order(invitations::id).limit(200).load(c))?;
    rows.into_iter().map(|row| opened(tx, row)).collect()
}

/// The invitation behind a link, if it still holds; looking does not use it up (R4).
///
/// # Errors
/// Those of the database, and when the seal is broken.
pub fn by_link(tx: &mut Tx<'_>, digest: &str, now: Instant) -> Outcome<Option<Invitation>> {
    let row: Option<Row> = tx.maybe(|c| {
        shown().filter(invitations::link_digest.eq(digest)).filter(invitations::expires_at.gt(now)).first(c)
    })?;
    row.map(|row| opened(tx, row)).transpose()
}

/// Takes an invitation away; false when it is gone: of two who answer it at once one is too late.
///
/// # Errors
/// Only those of the database.
pub fn take(tx: &mut Tx<'_>, id: InvitationId) -> Outcome<bool> {
    tx.run(|c| diesel::delete(invitations::table.find(id)).execute(c)).map(|taken| taken == 1)
}

/// Takes an invitation of a study back; answers its letter, or `None` when the study has no such invitation.
///
/// # Errors
/// Only those of the database.
pub fn revoke(tx: &mut Tx<'_>, study: StudyId, id: InvitationId) -> Outcome<Option<LetterId>> {
    tx.maybe(|c| {
        diesel::delete(invitations::table.filter(invitations::id.eq(id)).filter(invitations::study.eq(study)))
            .returning(invitations::letter)
            .get_result(c)
    })
}

/// Forgets invitations that ended long ago.
///
/// # Errors
/// Only those of the database.
pub fn forget_old(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let old = invitations::table.filter(invitations::expires_at.le(now.plus_days(-KEPT_DAYS)));
    tx.run(|c| diesel::delete(old).execute(c)).map(drop)
}

fn opened(tx: &Tx<'_>, row: Row) -> Outcome<Invitation> {
    let (id, study, title, by, sealed, role, letter, state, expires_at) = row;
    let broken = || Problem::internal("an invitation holds no mail address");
    let email = String::from_utf8(tx.keys().open(&place(id), &sealed)?).map_err(|_| broken())?;
    let email = EmailAddress::parse(&email).map_err(|_| broken())?;
    Ok(Invitation { id, study, title, by, email, role, letter, state, expires_at })
}

fn email_digest(tx: &Tx<'_>, study: StudyId, email: &EmailAddress) -> String {
    tx.keys().digest(About::Email, &[b"member", study.as_str().as_bytes(), email.folded().as_bytes()])
}

fn place(id: InvitationId) -> String {
    format!("member invitation {id}")
}
