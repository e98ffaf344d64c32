import type { Actor } from '@mulin/auth';
import { byKey, type GraphqlContext, groupedBy, loader } from '@mulin/graphql';
import type { ContractReads } from './contract.reads.js';

/** The rows that one request asks for, gathered: each list is one statement, however many contracts. */
export function contractLoaders(context: GraphqlContext, reads: ContractReads, actor: Actor) {
  return {
    contract: loader(context, 'contract', async (ids: readonly string[]) =>
      byKey(await reads.many(actor, ids), (each) => each.id),
    ),
    instalment: loader(context, 'instalment', async (ids: readonly string[]) =>
      byKey(await reads.instalments(actor, ids), (each) => each.id),
    ),
    instalmentsOf: loader(context, 'instalmentsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await reads.instalmentsOf(actor, ids), (each) => each.contractId),
    ),
    obligationsOf: loader(context, 'obligationsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await reads.obligationsOf(actor, ids), (each) => each.contractId),
    ),
    signaturesOf: loader(context, 'signaturesOf', async (ids: readonly string[]) =>
      groupedBy(ids, await reads.signaturesOf(actor, ids), (each) => each.contractId),
    ),
  };
}
