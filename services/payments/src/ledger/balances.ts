import { Database } from '@mulin/database';
import type { Actor } from '@mulin/auth';
import { Money } from '@mulin/graphql';
import { type Fen, fen, ZERO_FEN } from '@mulin/money';
import { Inject, Injectable } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import type { AccountKind } from './chart.js';

type Balances = Map<AccountKind, Fen>;

@ObjectType({ registerIn: () => PaymentsSchema, description: 'Where the money of a fund is now.' })
export class FundBalance {
  @Field(() => Money, { description: 'Budget that came in.' })
  appropriated: Money;

  @Field(() => Money, { description: 'Not reserved by any contract.' })
  available: Money;

  @Field(() => Money, { description: 'Reserved for contracts, not decided yet.' })
  committed: Money;

  @Field(() => Money, { description: 'Earned, kept until final acceptance (尾款).' })
  retained: Money;

  @Field(() => Money, { description: 'Waiting for rectification (整改).' })
  rectification: Money;

  @Field(() => Money, { description: 'Released, not paid yet.' })
  payable: Money;

  @Field(() => Money, { description: 'Confirmed by the bank.' })
  paid: Money;

  @Field(() => Money, { description: 'Came back after the fiscal year.' })
  lapsed: Money;
}

@ObjectType({
  registerIn: () => PaymentsSchema,
  description: 'Where the money of a contract is now.',
})
export class ContractBalance {
  @Field(() => Money, { description: 'Reserved, not decided yet.' })
  committed: Money;

  @Field(() => Money, { description: 'Earned, kept until final acceptance (尾款).' })
  retained: Money;

  @Field(() => Money, { description: 'Waiting for rectification (整改).' })
  rectification: Money;

  @Field(() => Money, { description: 'Released, not paid yet.' })
  payable: Money;

  @Field(() => Money, { description: 'Confirmed by the bank.' })
  paid: Money;

  @Field(() => Money, { description: 'Given back to the fund by decisions.' })
  reduced: Money;

  @Field(() => Money, { description: 'Deductions carried and not yet taken from anything.' })
  claims: Money;
}

/** Sums of the ledger, one statement for any number of funds or contracts. */
@Injectable()
export class LedgerBalances {
  constructor(@Inject(Database) private readonly database: Database) {}

  async ofFunds(actor: Actor | null, ids: readonly string[]): Promise<Map<string, FundBalance>> {
    const rows = await this.database.read(actor, (tx) =>
      tx.query<SumRow[]>(
        `select fund_id as id, kind, sum(credits - debits)::bigint as fen
         from account where fund_id = any($1::text[]) group by fund_id, kind`,
        [ids],
      ),
    );
    return grouped(rows, (of) => ({
      // Where money comes from is debited: its sum is negative.
      appropriated: Money.cny(fen(-of('appropriation'))),
      available: Money.cny(of('available')),
      committed: Money.cny(of('committed')),
      retained: Money.cny(of('retained')),
      rectification: Money.cny(of('rectification')),
      payable: Money.cny(of('payable')),
      paid: Money.cny(of('paid')),
      lapsed: Money.cny(of('lapsed')),
    }));
  }

  async ofContracts(
    actor: Actor | null,
    ids: readonly string[],
  ): Promise<Map<string, ContractBalance>> {
    const rows = await this.database.read(actor, (tx) =>
      tx.query<SumRow[]>(
        `select contract_id as id, split_part(account, ':', 1) as kind, sum(side.fen)::bigint as fen
         from transfer cross join lateral (values (credit, fen), (debit, -fen)) as side (account, fen)
         where contract_id = any($1::text[])
           -- What the reservation took from the fund is not what a decision gave back.
           and (decision_id is not null or split_part(account, ':', 1) not in ('available', 'lapsed'))
         group by contract_id, 2`,
        [ids],
      ),
    );
    return grouped(rows, (of) => ({
      committed: Money.cny(of('committed')),
      retained: Money.cny(of('retained')),
      rectification: Money.cny(of('rectification')),
      payable: Money.cny(of('payable')),
      paid: Money.cny(of('paid')),
      reduced: Money.cny(fen(of('available') + of('lapsed'))),
      claims: Money.cny(of('claims')),
    }));
  }
}

interface SumRow {
  id: string;
  kind: AccountKind;
  fen: string;
}

function grouped<T>(
  rows: readonly SumRow[],
  shape: (of: (kind: AccountKind) => Fen) => T,
): Map<string, T> {
  const sums = new Map<string, Balances>();
  for (const { id, kind, fen: sum } of rows) {
    const balances: Balances = sums.get(id) ?? new Map();
    sums.set(id, balances.set(kind, fen(sum)));
  }
  return new Map(
    [...sums].map(([id, balances]) => [id, shape((kind) => balances.get(kind) ?? ZERO_FEN)]),
  );
}
