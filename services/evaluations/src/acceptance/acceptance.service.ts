import type { Actor } from '@mulin/auth';
import { civilDateInShanghai, endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { AcceptanceSigned } from '@mulin/events';
import { changeOnce, createOnce, InvalidInput, NotFound } from '@mulin/graphql';
import { isId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { conflictOf } from '../term/recusal.js';
import { Term } from '../term/term.entity.js';
import { AcceptanceRecord } from './acceptance.entity.js';
import type {
  DraftAcceptanceInput,
  HearResidentsInput,
  SignAcceptanceInput,
} from './acceptance.inputs.js';
import { AlreadyDrafted, ContractNotEnded, InstalmentsOpen } from './acceptance.refusals.js';

const type = 'AcceptanceRecord';

/** Final acceptance of a contract: one person drafts, residents are heard, a second person signs. */
@Injectable()
export class AcceptanceService {
  constructor(@Inject(Database) private readonly database: Database) {}

  draft(actor: Actor, input: DraftAcceptanceInput) {
    const malformed = checkDraft(input);
    if (malformed) return malformed;
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type, load: (id) => load(tx, id) }, async () => {
        const term = await lockTerm(tx, input.contractId);
        const before = await tx.findOneBy(AcceptanceRecord, { contractId: term.contractId });
        if (before) return new AlreadyDrafted(before.id);
        const conflict = await conflictOf(tx, actor, term.organisationId);
        if (conflict) return conflict;
        const { street, organisationId } = term;
        const facts = { ...input, street, organisationId, draftedBy: actor.id };
        const acceptance = AcceptanceRecord.draft(facts);
        await tx.insert(AcceptanceRecord, acceptance);
        return acceptance;
      }),
    );
  }

  hearResidents(actor: Actor, input: HearResidentsInput) {
    const { heard, satisfied } = input;
    if (heard < 1 || satisfied < 0 || satisfied > heard) {
      return new InvalidInput('input.satisfied', {
        problem: 'OUT_OF_RANGE',
        given: `${satisfied} / ${heard}`,
      });
    }
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), async () => {
        const at = await now(tx);
        if (input.heardOn > civilDateInShanghai(at)) {
          const given = input.heardOn;
          return new InvalidInput('input.heardOn', { problem: 'IN_THE_FUTURE', given });
        }
        const acceptance = await load(tx, input.id, 'for_no_key_update');
        const refusal = acceptance.hearResidents(input);
        if (refusal) return refusal;
        await tx.save(acceptance);
        return acceptance;
      }),
    );
  }

  sign(actor: Actor, input: SignAcceptanceInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), async () => {
        const at = await now(tx);
        const acceptance = await load(tx, input.id, 'for_no_key_update');
        const { id, contractId, organisationId, street, outcome } = acceptance;
        const refusal =
          acceptance.sign({ by: actor.id, at, expectedVersion: input.expectedVersion }) ??
          (await conflictOf(tx, actor, organisationId)) ??
          (await refusesContract(tx, contractId, at));
        if (refusal) return refusal;
        await tx.save(acceptance);
        await append(tx, {
          type: AcceptanceSigned,
          aggregateId: id,
          aggregateVersion: acceptance.events,
          street,
          payload: {
            acceptanceId: id,
            contractId,
            organisationId,
            outcome,
            signedAt: at.toISOString(),
          },
        });
        return acceptance;
      }),
    );
  }

  ofContracts(actor: Actor | null, contractIds: readonly string[]): Promise<AcceptanceRecord[]> {
    return this.database.read(actor, (tx) =>
      tx.findBy(AcceptanceRecord, { contractId: In([...contractIds]) }),
    );
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<AcceptanceRecord[]> {
    return this.database.read(actor, (tx) => tx.findBy(AcceptanceRecord, { id: In([...ids]) }));
  }
}

/** After the contract's end, and when nothing of it can still be decided here (payment-rule). */
async function refusesContract(tx: Tx, contractId: string, at: Date) {
  const term = await tx.findOneByOrFail(Term, { contractId });
  const { endsOn, completedOn, terminatedOn } = term;
  if (completedOn === null && terminatedOn === null && at < endOfCivilDay(endsOn)) {
    return new ContractNotEnded(endsOn);
  }
  const open = await tx.query<{ no: number }[]>(
    `select no from term_instalment where contract_id = $1 and kind = 'evaluated' and closed_at is null
       and ($2::date is null or period_to <= $2::date) order by no`,
    [contractId, terminatedOn],
  );
  return open.length ? new InstalmentsOpen(open.map(({ no }) => no)) : undefined;
}

function checkDraft({ id, contractId, standards }: DraftAcceptanceInput): InvalidInput | undefined {
  if (!isId('acc', id)) return new InvalidInput('input.id', { problem: 'NOT_AN_ID', given: id });
  if (!isId('con', contractId)) {
    return new InvalidInput('input.contractId', { problem: 'NOT_AN_ID', given: contractId });
  }
  const codes = new Set(standards.map(({ code }) => code));
  if (codes.size === 0 || codes.has('')) {
    return new InvalidInput('input.standards', { problem: 'EMPTY', given: '' });
  }
  return codes.size < standards.length || codes.size > 100
    ? new InvalidInput('input.standards', {
        problem: 'OUT_OF_RANGE',
        given: String(standards.length),
      })
    : undefined;
}

/** Two drafts for one contract take turns. */
async function lockTerm(tx: Tx, contractId: string): Promise<Term> {
  const term = await tx.findOne(Term, {
    where: { contractId },
    lock: { mode: 'for_no_key_update' },
  });
  if (!term) throw new NotFound('contract', contractId);
  return term;
}

function onceFor<I extends object>(tx: Tx, actor: Actor, input: I) {
  return { actor, input, type, load: (id: string) => load(tx, id) };
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<AcceptanceRecord> {
  const found = await tx.findOne(AcceptanceRecord, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('acceptance', id);
  return found;
}
