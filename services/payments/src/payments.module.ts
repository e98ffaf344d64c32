import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { Commitment } from './commitment/commitment.entity.js';
import { CommitmentResolver, ContractMoneyResolver } from './commitment/commitment.resolver.js';
import { CommitmentService } from './commitment/commitment.service.js';
import { FundsReleasedHandler } from './commitment/funds-released.js';
import { FundsRequestedHandler } from './commitment/funds-requested.js';
import { paymentsConsumer } from './consumer.js';
import { AcceptanceSignedHandler } from './decision/acceptance-signed.js';
import { ContractTerminatedHandler } from './decision/contract-terminated.js';
import { Decision } from './decision/decision.entity.js';
import {
  BecauseResolver,
  DecisionResolver,
  InstalmentDecisionsResolver,
} from './decision/decision.resolver.js';
import { DecisionService } from './decision/decision.service.js';
import { EvaluationFinalisedHandler } from './decision/evaluation-finalised.js';
import { RectificationHandler } from './decision/rectification.js';
import { Appropriation } from './fund/appropriation.entity.js';
import { Fund } from './fund/fund.entity.js';
import { FundResolver } from './fund/fund.resolver.js';
import { FundService } from './fund/fund.service.js';
import { LedgerAccount } from './ledger/account.entity.js';
import { LedgerBalances } from './ledger/balances.js';
import { LedgerResolver } from './ledger/ledger.resolver.js';
import { LedgerService } from './ledger/ledger.service.js';
import { Transfer } from './ledger/transfer.entity.js';
import { PaymentOrder } from './order/order.entity.js';
import { InstalmentOrdersResolver, OrderResolver } from './order/order.resolver.js';
import { OrderService } from './order/order.service.js';
import { policy } from './policy.js';
import { RelationHandler } from './recusal/relation-events.js';
import { Reversal } from './reversal/reversal.entity.js';
import { ReversalResolver } from './reversal/reversal.resolver.js';
import { ReversalService } from './reversal/reversal.service.js';
import { PaymentsSchema } from './schema.js';
import { sealed } from './sealed.js';
import { ContractHeldHandler } from './hold/contract-held.js';
import { ContractSignedHandler } from './term/contract-signed.js';

/** TypeORM's view of the tables that resolvers read. */
export const entities = [
  Appropriation,
  Commitment,
  Decision,
  Fund,
  LedgerAccount,
  PaymentOrder,
  Reversal,
  Transfer,
];

/** What events do here. */
const handlers = [
  FundsRequestedHandler,
  FundsReleasedHandler,
  ContractSignedHandler,
  ContractHeldHandler,
  ContractTerminatedHandler,
  EvaluationFinalisedHandler,
  RectificationHandler,
  AcceptanceSignedHandler,
  RelationHandler,
];

// Once: the call registers GraphQL types, and a process may build the module twice.
const PaymentsDeadLetters = deadLetterResolver({ service: 'payments', schema: PaymentsSchema });

/** Wiring only. */
@Module({})
export class PaymentsModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: PaymentsModule,
      imports: [
        SubgraphModule.forService({ config, schema: PaymentsSchema, entities, policy }),
        MessagingModule.forService({ config, consumer: paymentsConsumer, sealed }),
      ],
      controllers: handlers,
      providers: [
        FundService,
        FundResolver,
        LedgerService,
        LedgerBalances,
        LedgerResolver,
        CommitmentService,
        CommitmentResolver,
        ContractMoneyResolver,
        DecisionService,
        DecisionResolver,
        InstalmentDecisionsResolver,
        BecauseResolver,
        OrderService,
        OrderResolver,
        InstalmentOrdersResolver,
        ReversalService,
        ReversalResolver,
        PaymentsDeadLetters,
      ],
    };
  }
}
