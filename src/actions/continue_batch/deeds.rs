//! What a batch does to one respondent: exactly what the action for one respondent does.

use super::super::choose_interviewer::choose;
use super::super::erase_respondent::erase;
use super::super::opt_out::opt_out;
use super::super::remove_contact;
use super::super::remove_respondent::remove_respondent;
use super::super::renew_link::{announce, renew};
use super::super::withdraw::withdraw_as;
use crate::clock::Instant;
use crate::domain::audit::{Actor, Entry};
use crate::domain::batch::Act;
use crate::problem::Outcome;
use crate::store::Tx;
use crate::store::batches::Batch;
use crate::store::respondents::Respondent;

/// Does it to somebody who is locked; answers what the log is told.
pub(super) fn deed(
    tx: &mut Tx<'_>,
    now: Instant,
    batch: &Batch,
    respondent: &Respondent,
) -> Outcome<Vec<Entry>> {
    let actor = Actor::User(batch.user);
    Ok(match batch.act {
        Act::Withdraw => withdraw_as(tx, now, respondent, actor)?.into_parts().1,
        Act::OptOut => opt_out(tx, now, respondent, actor)?.into_parts().1,
        Act::Erase => erase(tx, now, actor, respondent)?.into_parts().1,
        Act::RemoveContact => remove_contact::remove(tx, now, actor, respondent)?.into_parts().1,
        Act::RenewLink => renew(tx, now, respondent, actor)?.into_parts().1,
        Act::SendLink => {
            let renewed = renew(tx, now, respondent, actor)?.into_parts().1;
            announce(tx, now, respondent, actor)?.after(renewed).into_parts().1
        }
        Act::ChooseInterviewer => choose(tx, now, actor, respondent, batch.interviewer)?.into_parts().1,
        Act::Remove => remove_respondent(tx, now, actor, respondent)?.into_parts().1,
    })
}
