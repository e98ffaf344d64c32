import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { connection } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { LedgerAccount } from './account.entity.js';
import { LedgerAccountsArgs, TransfersArgs } from './ledger.inputs.js';
import { LedgerService } from './ledger.service.js';
import { Transfer } from './transfer.entity.js';

const registerIn = () => PaymentsSchema;

@ObjectType({ registerIn })
export class LedgerAccountConnection extends connection(LedgerAccount, PaymentsSchema) {}

@ObjectType({ registerIn })
export class TransferConnection extends connection(Transfer, PaymentsSchema) {}

/** The ledger, for whoever must follow one fen. */
@Resolver()
export class LedgerResolver {
  constructor(@Inject(LedgerService) private readonly ledger: LedgerService) {}

  @Query(() => LedgerAccountConnection, {
    nullable: true,
    description: 'The accounts with their balances.',
  })
  @Allow('payments.ledger.read')
  ledgerAccounts(@Args() args: LedgerAccountsArgs, @CurrentActor() actor: Actor) {
    return this.ledger.accounts(actor, args);
  }

  @Query(() => TransferConnection, {
    nullable: true,
    description: 'The journal: every transfer, in order.',
  })
  @Allow('payments.ledger.read')
  transfers(@Args() args: TransfersArgs, @CurrentActor() actor: Actor) {
    return this.ledger.transfers(actor, args);
  }
}
