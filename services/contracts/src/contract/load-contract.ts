import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { Instalment } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { Contract } from './contract.entity.js';
import type { WholeContract } from './contract.text.js';

/** The contract, where the actor may see it; locked when it is to be changed. */
export async function loadContract(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<Contract> {
  const contract = await tx.findOne(Contract, { where: { id }, lock: mode && { mode } });
  if (!contract) throw new NotFound('contract', id);
  return contract;
}

/** The contract with the terms that both sides sign, in their order. */
export async function loadWhole(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<WholeContract> {
  const contract = await loadContract(tx, id, mode);
  const instalments = await tx.find(Instalment, {
    where: { contractId: id },
    order: { no: 'ASC' },
  });
  const obligations = await tx.find(Obligation, {
    where: { contractId: id },
    order: { position: 'ASC' },
  });
  return { contract, instalments, obligations };
}
