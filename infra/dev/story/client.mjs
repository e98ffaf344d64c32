/**
 * How the story speaks with Mulin: as its demo accounts, through the GraphQL API of the gateway, and
 * through nothing else.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { obtainToken } from '../token.mjs';

/** `speaker(account)` answers `{ ask, do }` for that demo account. */
export function speakers({ graphql, issuer, accounts }) {
  const tokens = new Map();

  async function tokenOf(account) {
    const known = tokens.get(account);
    if (known && known.expiresAt - Date.now() > 30_000) return known.accessToken;
    const { password } = accounts.find((each) => each.account === account);
    const fresh = await obtainToken({ issuer, login: account, password });
    tokens.set(account, fresh);
    return fresh.accessToken;
  }

  async function ask(account, query, variables = {}) {
    const response = await fetch(graphql, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf(account)}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors?.length) throw new Error(`${account}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Runs a mutation and answers its entity; a refusal ends the story with its own words. */
  async function act(account, mutation, entity, input, fields = 'id') {
    const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
    const data = await ask(
      account,
      `mutation ($input: ${STEP_INPUTS[mutation] ?? type}!) {
        ${mutation}(input: $input) {
          __typename
          ... on ${entity} { ${fields} }
          ... on Refusal { message rule { id article } }
        }
      }`,
      { input },
    );
    const answer = data[mutation];
    if (answer.__typename === entity) return answer;
    throw new Error(
      `${account} may not ${mutation}: ${answer.__typename}: ${answer.message} (${answer.rule.article})`,
    );
  }

  return (account) => ({
    ask: (query, variables) => ask(account, query, variables),
    do: (mutation, entity, input, fields) => act(account, mutation, entity, input, fields),
  });
}

/** Mutations that share an input type. */
const STEP_INPUTS = {
  listServiceItem: 'ServiceItemStepInput',
  fileProcurementPlan: 'ProcurementPlanStepInput',
  approveProcurementPlan: 'ProcurementPlanStepInput',
  publishTender: 'TenderStepInput',
  closeQualification: 'TenderStepInput',
  chooseWinners: 'TenderStepInput',
  announceResult: 'TenderStepInput',
  listExpert: 'ExpertStepInput',
  closeConformity: 'CommitteeStepInput',
  openScores: 'CommitteeStepInput',
  drawUpReport: 'CommitteeStepInput',
  deliverReport: 'CommitteeStepInput',
  noticeAward: 'AwardStepInput',
  acceptAward: 'AwardStepInput',
  requestFunds: 'ContractStepInput',
  cancelContract: 'ContractStepInput',
  activateContract: 'ContractStepInput',
  completeContract: 'ContractStepInput',
  confirmFulfilment: 'DecideReportInput',
  confirmBreach: 'DecideReportInput',
  approveOrder: 'ChangeOrderInput',
  confirmSettlement: 'ChangeOrderInput',
};

/** A key for one use of a mutation. */
export const key = () => randomUUID();

/** Asks until the answer is there: facts travel from service to service as events. */
export async function until(what, look, withinMs = 30_000) {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited ${withinMs / 1000} s in vain for ${what}.`);
    await pause(50);
  }
}
