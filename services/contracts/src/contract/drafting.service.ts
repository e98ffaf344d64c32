import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, createOnce, IdAlreadyUsed } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { Inject, Injectable } from '@nestjs/common';
import { Instalment } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { mayNotProvide } from '../organisation/may-not-provide.js';
import { Contract } from './contract.entity.js';
import type { DraftContractInput, ReviseContractInput } from './contract.inputs.js';
import { ContractState } from './contract.states.js';
import { limitRefusal } from './limits.js';
import { loadContract } from './load-contract.js';
import { type Terms, termsOf } from './terms.js';
import { TermsWereAwarded } from './terms.refusals.js';
import { checkId } from './well-formed.js';

/** Writing terms: one method is one use case is one transaction. */
@Injectable()
export class DraftingService {
  constructor(@Inject(Database) private readonly database: Database) {}

  draft(actor: Actor, input: DraftContractInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => {
          const malformed =
            checkId('input.id', 'con', input.id) ??
            checkId('input.organisationId', 'org', input.organisationId);
          if (malformed) return malformed;
          const read = termsOf(input);
          if ('refusal' in read) return read.refusal;
          const draftedAt = await now(tx);
          const barred =
            (await mayNotProvide(tx, input.organisationId, draftedAt)) ??
            (await limitRefusal(tx, { ...read.terms, street: actor.street, draftedAt }));
          if (barred) return barred;
          const taken = await takenId(
            tx,
            [input.id, ...read.terms.instalments.map(({ id }) => id)],
            null,
          );
          if (taken) return taken;
          const contract = newContract(actor, input, read.terms, draftedAt);
          await tx.insert(Contract, contract);
          await writeTerms(tx, contract, read.terms);
          return contract;
        },
      ),
    );
  }

  revise(actor: Actor, input: ReviseContractInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => {
          const contract = await loadContract(tx, input.id, 'for_no_key_update');
          if (contract.tenderId !== null) return new TermsWereAwarded(contract.tenderId);
          const conflict = contract.revised(actor.id, input.expectedVersion);
          if (conflict) return conflict;
          const read = termsOf(input);
          if ('refusal' in read) return read.refusal;
          const { street, draftedAt } = contract;
          const barred = await limitRefusal(tx, { ...read.terms, street, draftedAt });
          if (barred) return barred;
          const taken = await takenId(
            tx,
            read.terms.instalments.map(({ id }) => id),
            contract.id,
          );
          if (taken) return taken;
          await tx.save(Object.assign(contract, columnsOf(read.terms)));
          await tx.delete(Instalment, { contractId: contract.id });
          await tx.delete(Obligation, { contractId: contract.id });
          await writeTerms(tx, contract, read.terms);
          return contract;
        },
      ),
    );
  }
}

function newContract(
  actor: Actor,
  input: DraftContractInput,
  terms: Terms,
  draftedAt: Date,
): Contract {
  return Object.assign(new Contract(), columnsOf(terms), {
    id: input.id,
    street: actor.street,
    organisationId: input.organisationId,
    tenderId: null,
    lotId: null,
    state: ContractState.DRAFTED,
    requestNo: 0,
    laterFundsAsked: false,
    fundsRefusalFacts: null,
    draftedAt,
    writtenBy: [actor.id],
    fundedAt: null,
    signBy: null,
    signedAt: null,
    activatedAt: null,
    completedOn: null,
    suspendedSince: null,
    suspendedBecause: null,
    cancelledAt: null,
    terminationReason: null,
    terminationDay: null,
    terminationProposedBy: null,
    terminatedBy: null,
    version: 1,
    events: 0,
  });
}

function columnsOf({
  title,
  amountFen,
  startsOn,
  endsOn,
  longTermBecause,
  fiscalYear,
  rule,
}: Terms) {
  return { title, amountFen, startsOn, endsOn, longTermBecause, fiscalYear, ruleTerms: rule };
}

/** Instalments and obligations, one statement each. */
async function writeTerms(tx: Tx, contract: Contract, terms: Terms): Promise<void> {
  const { id: contractId, street, organisationId } = contract;
  const whose = { contractId, street, organisationId };
  await tx.insert(
    Instalment,
    terms.instalments.map((each) => ({ ...each, ...whose, reserved: false })),
  );
  await tx.insert(
    Obligation,
    terms.obligations.map((each, position) => ({ ...each, ...whose, id: newId('obl'), position })),
  );
}

/** Also rows that row-level security hides: an id names one thing in the whole database. */
async function takenId(
  tx: Tx,
  ids: string[],
  except: string | null,
): Promise<IdAlreadyUsed | undefined> {
  const [row] = await tx.query<{ id: string }[]>('select taken_ids($1, $2) as id limit 1', [
    ids,
    except,
  ]);
  return row && new IdAlreadyUsed(row.id);
}
