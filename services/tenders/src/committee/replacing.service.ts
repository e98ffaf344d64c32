import { type Actor, can } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { changeOnce, checkText } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { policy } from '../policy.js';
import { procedureOf } from '../procedure/procedure.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { checkIds } from '../well-formed.js';
import { CommitteeState, type TenderCommittee } from './committee.entity.js';
import type { ReplaceMemberInput, ReplaceRecusedInput } from './committee.inputs.js';
import { MemberNotAbsent, NotOnCommittee } from './committee.refusals.js';
import { MOST_SEATS } from './committee.service.js';
import { leads, loadCommittee, lockBoth, reportDueAt, vacantSeats } from './load-committee.js';
import { appoint, fillSeats } from './seating.js';

/** Members who leave while the committee works, and who follows them (87号令 第四十九条). */
@Injectable()
export class ReplacingService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Unseats whoever turned out to be related to a bidder (回避), and seats those who follow. What an unseated member
   * gave is void; where nobody must recuse and no seat is vacant there is nothing to replace.
   */
  replaceRecused(actor: Actor, input: ReplaceRecusedInput) {
    return this.step(actor, input, 'replaceRecused', async (tx, { tender, committee }) => {
      const [row] = await tx.query<{ unseated: number }[]>(
        'select unseat_recused($1) as unseated',
        [committee.id],
      );
      const unseated = (row?.unseated ?? 0) > 0;
      if (!unseated && (await vacantSeats(tx, committee.id)) === 0)
        return committee.conflict(input.expectedVersion, 'replaceRecused');
      return follow(tx, { tender, committee, unseated }, input.buyerRepresentativeIds);
    });
  }

  /** Unseats a member for whom the others have waited too long: at the leader's word or an officer's, with the reason. */
  replaceMember(actor: Actor, input: ReplaceMemberInput) {
    return this.step(actor, input, 'replaceMember', async (tx, { tender, committee }) => {
      const unfit = checkText('input.because', input.because, 1_000);
      if (unfit) return unfit;
      if (!can(policy, actor, 'tenders.committee.draw') && !(await leads(tx, committee)))
        return new NotOnCommittee(committee.id, 'leader');
      const [row] = await tx.query<{ replaced: boolean }[]>(
        'select replace_member($1, $2, $3, $4) as replaced',
        [committee.id, input.place, input.because, await reportDueAt(tx, tender, committee)],
      );
      const { terms } = await procedureOf(tx, tender);
      if (!row?.replaced) return new MemberNotAbsent(input.place, terms.committee);
      return follow(tx, { tender, committee, unseated: true }, input.buyerRepresentativeIds);
    });
  }

  private step<R extends object>(
    actor: Actor,
    input: ReplaceRecusedInput,
    wanted: string,
    work: (tx: Tx, both: { tender: Tender; committee: TenderCommittee }) => Promise<R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const ids = input.buyerRepresentativeIds;
          const unfit = checkIds('input.buyerRepresentativeIds', 'per', ids, MOST_SEATS);
          if (unfit) return unfit;
          const both = await lockBoth(tx, input.id, 'for_no_key_update');
          const { tender, committee } = both;
          if (
            ![TenderState.QUALIFIED, TenderState.EVALUATING].includes(tender.state) ||
            input.expectedVersion !== committee.version ||
            committee.state === CommitteeState.REPORTED
          )
            return committee.conflict(input.expectedVersion, wanted);
          return work(tx, both);
        },
      ),
    );
  }
}

/** Those who follow are seated; what the others gave is sealed again, and what void votes decided is open again. */
async function follow(
  tx: Tx,
  facts: { tender: Tender; committee: TenderCommittee; unseated: boolean },
  buyers: readonly string[],
) {
  const { tender, committee, unseated } = facts;
  await fillSeats(tx, committee);
  const refusal = await appoint(tx, tender, committee, buyers);
  if (refusal) return refusal;
  if (unseated) {
    const [row] = await tx.query<{ again: boolean }[]>('select void_votes($1) as again', [
      committee.id,
    ]);
    committee.sealAgain({ conformityAgain: row?.again ?? false });
  } else committee.version += 1;
  await tx.save(committee);
  return committee;
}
