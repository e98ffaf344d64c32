import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { In } from 'typeorm';
import { knownFunds } from '../fund/fund-rule.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { stepsOf } from '../procedure/procedure-step.js';
import { Criterion, ScoringFactor } from './criterion.entity.js';
import { Lot } from './lot.entity.js';
import { Tender } from './tender.entity.js';

/** The tender, where the actor may see it; locked, and with its steps, when it is to be changed. */
export async function loadTender(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update' | 'pessimistic_read',
): Promise<Tender> {
  const tender = await tx.findOne(Tender, { where: { id }, lock: mode && { mode } });
  if (!tender) throw new NotFound('tender', id);
  if (mode === 'for_no_key_update') tender.steps = await stepsOf(tx, id);
  return tender;
}

/** All that a publication is judged by, besides procedure and calendar. */
export async function loadFile(tx: Tx, tender: Tender) {
  return {
    tender,
    lots: await tx.find(Lot, { where: { tenderId: tender.id }, order: { no: 'ASC' } }),
    criteria: await tx.find(Criterion, {
      where: { tenderId: tender.id },
      order: { position: 'ASC' },
    }),
    factors: await tx.find(ScoringFactor),
    money: await knownFunds(
      tx,
      tender.street,
      tender.contractTerms.instalments.map(({ fundId }) => fundId),
    ),
    keys: await tx.findBy(OpeningKey, { id: In(tender.openingKeyIds) }),
  };
}
