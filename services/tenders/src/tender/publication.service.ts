import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce, checkText, createOnce, NotFound, SecondPersonNeeded } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { loadedCalendar } from '../procedure/calendar.js';
import { procedureInForce, procedureOf } from '../procedure/procedure.js';
import { notYetInvited } from '../single-source/invited.js';
import { checkId } from '../well-formed.js';
import { Clarification } from './clarification.entity.js';
import { fileProblems } from './file-problems.js';
import { afterFullDays } from './full-days.js';
import { loadFile, loadTender } from './load-tender.js';
import type { IssueClarificationInput, TenderStepInput } from './tender.inputs.js';
import { tenderAmended, tenderPublished } from './tender.events.js';
import { scheduleProblems } from './term-problems.js';
import {
  DeadlineMustMove,
  DeadlineNotEarlier,
  DeadlinePassed,
  TenderFileInvalid,
} from './tender.refusals.js';
import { TenderState } from './tender.states.js';

/** From the file on the desk to the public: publishing it, and explaining it afterwards. */
@Injectable()
export class PublicationService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The file is judged as it is now, by the procedure in force now, which the tender keeps. */
  publish(actor: Actor, input: TenderStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const [at, calendar] = [await now(tx), await loadedCalendar(tx)];
          const procedure = await procedureInForce(tx, tender);
          const file = await loadFile(tx, tender);
          const notYet = await notYetInvited(tx, tender, at);
          if (notYet) return notYet;
          const refusal = tender.publish({
            by: actor.id,
            expectedVersion: input.expectedVersion,
            now: at,
            procedure,
          });
          if (refusal) return refusal;
          const problems = fileProblems({ ...file, procedure: procedure.terms, calendar, now: at });
          if (problems.length > 0) return new TenderFileInvalid(problems);
          await tx.save(tender);
          await append(tx, tenderPublished(file));
          return tender;
        },
      ),
    );
  }

  /** Issued by somebody who did not write the file, and never after the deadline. */
  clarify(actor: Actor, input: IssueClarificationInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        {
          actor,
          input,
          type: 'Clarification',
          load: async (id) => {
            const known = await tx.findOneBy(Clarification, { id });
            if (!known) throw new NotFound('clarification', id);
            return known;
          },
        },
        async () => {
          const unfit =
            checkId('input.id', 'cla', input.id) ?? checkText('input.text', input.text, 4_000);
          if (unfit) return unfit;
          const tender = await loadTender(tx, input.tenderId, 'for_no_key_update');
          const issuedAt = await now(tx);
          if (tender.state !== TenderState.PUBLISHED)
            return tender.conflict(tender.version, 'clarify');
          const { terms } = await procedureOf(tx, tender);
          if (issuedAt >= tender.deadline)
            return new DeadlinePassed(tender.deadline, terms.articles.late);
          if (tender.writtenBy.includes(actor.id))
            return new SecondPersonNeeded({
              ...{ firstPersonId: actor.id, step: 'draftTender / issueClarification' },
            });
          const deadline = input.deadline ?? tender.deadline;
          if (deadline < tender.deadline)
            return new DeadlineNotEarlier(tender.deadline, terms.articles.clarificationDays);
          if (input.affectsBids) {
            const earliest = afterFullDays(issuedAt, terms.clarificationDays);
            if (deadline < earliest)
              return new DeadlineMustMove({
                ...{ deadline: tender.deadline, earliest, days: terms.clarificationDays },
                article: terms.articles.clarificationDays,
              });
          }
          const problems = scheduleProblems({ ...tender, deadline });
          if (input.deadline && problems.length > 0) return new TenderFileInvalid(problems);
          tender.clarified({ affectsBids: input.affectsBids, deadline });
          const clarification = Object.assign(new Clarification(), {
            id: input.id,
            street: tender.street,
            tenderId: tender.id,
            text: input.text,
            affectsBids: input.affectsBids,
            round: tender.round,
            deadline,
            writtenBy: actor.id,
            issuedAt,
          });
          await tx.save(tender);
          await tx.insert(Clarification, clarification);
          await append(tx, tenderAmended(tender, clarification));
          return clarification;
        },
      ),
    );
  }
}
