import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type InputObjectTypeDefinitionNode, Kind, parse, type TypeNode } from 'graphql';
import { SUPERGRAPH_FILE } from './supergraph.js';

/**
 * What only the server may say: in what state a thing is, whose it is, who did a step and when, what
 * version it has, and what was found, earned or paid.
 */
const DECIDED_HERE: readonly { what: string; names: RegExp }[] = [
  { what: 'the state', names: /state|status|stage|active|verified|approved$|settled|final/i },
  { what: 'the tenant', names: /street|tenant|district/i },
  { what: 'whose it is', names: /organisation|owner/i },
  {
    what: 'who did it',
    names: /(^|[a-z])(by|author|actor|user|subject|approver|cashier|signer)$|ById$/i,
  },
  { what: 'who somebody is', names: /person|role|permission/i },
  { what: 'when it happened', names: /(At|On)$|^(now|time|date)$|timestamp/ },
  { what: 'the version', names: /version|attempt|noticeNo|requestNo|events?$/i },
  {
    what: 'what it came to',
    names: /^(score|grade|outcome|released|reduced|retained|paid|balance|payShare)$/i,
  },
  { what: 'the amount', names: /amount|fen$|limit/i },
];

/** Inputs that may say such a thing after all, and why no one gains by it. */
const ALLOWED: Readonly<Record<string, string>> = {
  'AnswerChallengeInput.outcome': 'the answer itself, given by an approver in writing',
  'AppropriateInput.amount': 'a budget is proposed; a second person approves it',
  'CallForFinalOffersInput.dueAt':
    'when final offers are due; within bounds that the procedure sets',
  'ChargeInput.fen': 'the terms; both sides sign them',
  'DraftAcceptanceInput.outcome': 'the finding of who drafts; a second person signs it',
  'DraftContractInput.amount': 'the terms; both sides sign them',
  'DraftContractInput.organisationId': 'with whom; must be verified in one’s own street',
  'DraftProcurementPlanInput.amount':
    'the plan; kept within its budget line, and a second person approves it',
  'DraftOrderInput.invoiceAmount': 'what the invoice says; refused unless it is what was released',
  'DraftOrderInput.invoiceDate': 'what the invoice says; refused when it lies in the future',
  'FileChallengeInput.stage': 'what is challenged; decides the term it must keep',
  'HoldByNoticeInput.noticeNo': 'what the paper of the finance department says',
  'HearResidentsInput.heardOn': 'the day of a hearing; refused when it lies in the future',
  'InstalmentInput.amount': 'the terms; must sum to the contract’s amount',
  'PlanEvaluationInput.previousEvaluationId': 'compared with the first attempt that there is',
  'PlanSourceInput.dueOn': 'the plan’s own deadline for a sheet',
  'RecordBreachInput.occurredAt':
    'a report; must lie in the term and not in the future, and a second person confirms',
  'RecordFulfilmentInput.occurredAt':
    'a report; must lie in the term and not in the future, and a second person confirms',
  'RecordFulfilmentInput.status': 'what is reported; it counts when a second person confirmed it',
  'ProposeSingleSourceInput.organisationId':
    'the supplier; must be verified, and a second person makes it public',
  'ProposeSingleSourceInput.statement': 'why, in words; a second person makes it public',
  'RecordBadRecordInput.organisationId':
    'whose record; a second person confirms it, in their own street',
  'RecordRatingInput.grade': 'what the paper says; a second person confirms it',
  'RecordRatingInput.organisationId':
    'whose grade; a second person confirms it, in their own street',
  'RecordPostInput.organisationId':
    'whose post; a second person confirms its relation, in their own street',
  'RecordPostInput.personId':
    'whose post; a second person confirms its relation, in their own street',
  'RecordPostInput.role': 'the post in the organisation, not a role on the platform',
  'RecordRelationInput.organisationId':
    'related to whom; a second person confirms it, in their own street',
  'RecordRelationInput.personId':
    'who is related; a second person confirms it, in their own street',
  'RegisterExpertInput.personId': 'who may be drawn; a second person lists the expert',
  'RegisterAccountInput.organisationId': 'for whom the account acts; the operator’s alone',
  'RegisterAccountInput.personId': 'whose account; the operator’s alone',
  'RegisterAccountInput.roles':
    'the operator’s alone, never for oneself; excluding roles are refused',
  'ReviseContractInput.amount': 'the terms; both sides sign them',
  'ReviseProcurementPlanInput.amount':
    'the plan; kept within its budget line, and a second person approves it',
  'ReviseSingleSourceInput.statement': 'why, in words; a second person makes it public',
  'ScoreBandInput.grade': 'the terms; both sides sign them',
  'ScoreBandInput.payShare': 'the terms; both sides sign them',
  'SetAccountRolesInput.roles':
    'the operator’s alone, never for oneself; excluding roles are refused',
  'TenderLowPriceInput.limitShare':
    'a draft of the tender file; a second person publishes it within what the procedure lets it raise',
};

/** `expectedVersion` is compared and never written; filters ask and do not write. */
const isHarmless = (input: string, field: string): boolean =>
  field === 'expectedVersion' || /Filter$|Order$|^Simulate/.test(input);

const document = parse(readFileSync(SUPERGRAPH_FILE, 'utf8'));
const inputs = document.definitions.filter(
  (each): each is InputObjectTypeDefinitionNode => each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION,
);
const reached = reachedByMutations();

describe('what a client may say', () => {
  it('names nothing that the server decides, but for exceptions that are written down', () => {
    const said = inputs
      .filter(({ name }) => reached.has(name.value))
      .flatMap(({ name, fields = [] }) =>
        fields
          .filter((field) => !isHarmless(name.value, field.name.value))
          .filter((field) => DECIDED_HERE.some(({ names }) => names.test(field.name.value)))
          .map((field) => `${name.value}.${field.name.value}`),
      );
    const unexplained = said.filter((each) => !(each in ALLOWED));
    expect(unexplained).toEqual([]);
  });

  it('has no exception for a field that is gone or harmless', () => {
    const there = new Set(
      inputs.flatMap(({ name, fields = [] }) =>
        fields.map((field) => `${name.value}.${field.name.value}`),
      ),
    );
    expect(Object.keys(ALLOWED).filter((each) => !there.has(each))).toEqual([]);
  });

  it('changes a thing only with the version that was read and a key of its own', () => {
    const weak = inputs
      .filter(({ name }) => reached.get(name.value) === 'itself')
      .filter(({ fields = [] }) => {
        const names = new Set(fields.map(({ name }) => name.value));
        const creates = !names.has('expectedVersion') && !names.has('idempotencyKey');
        return (
          !names.has('id') ||
          (!creates && !(names.has('expectedVersion') && names.has('idempotencyKey')))
        );
      })
      .map(({ name }) => name.value);
    expect(weak).toEqual([]);
  });

  it('takes one input and nothing beside it in every mutation', () => {
    const mutation = document.definitions.find(
      (each) => each.kind === Kind.OBJECT_TYPE_DEFINITION && each.name.value === 'Mutation',
    );
    if (mutation?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('there are no mutations');
    const odd = (mutation.fields ?? []).filter(
      ({ arguments: all = [] }) => all.map(({ name }) => name.value).join() !== 'input',
    );
    expect(odd.map(({ name }) => name.value)).toEqual([]);
    expect(mutation.fields?.length).toBeGreaterThan(40);
  });
});

/** Every input type that a mutation takes itself, or inside another. */
function reachedByMutations(): Map<string, 'itself' | 'inside'> {
  const byName = new Map(inputs.map((input) => [input.name.value, input]));
  const found = new Map<string, 'itself' | 'inside'>();
  const visit = (name: string, how: 'itself' | 'inside'): void => {
    const input = byName.get(name);
    if (!input || found.has(name)) return;
    found.set(name, how);
    for (const field of input.fields ?? []) visit(nameOf(field.type), 'inside');
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Mutation')
      continue;
    for (const field of definition.fields ?? []) {
      for (const argument of field.arguments ?? []) visit(nameOf(argument.type), 'itself');
    }
  }
  return found;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
