import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { CatalogueReads } from './catalogue/catalogue.reads.js';
import { CatalogueResolver } from './catalogue/catalogue.resolver.js';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { NegativeListEntry, ServiceCategory } from './catalogue/category.entity.js';
import { ItemPrice } from './catalogue/item-price.entity.js';
import { ServiceItem } from './catalogue/service-item.entity.js';
import { BudgetLine } from './plan/budget-line.entity.js';
import { BudgetResolver, ServiceItemBudgetResolver } from './plan/budget.resolver.js';
import { BudgetService } from './plan/budget.service.js';
import { PlanReads } from './plan/plan.reads.js';
import { PlanResolver } from './plan/plan.resolver.js';
import { PlanService } from './plan/plan.service.js';
import { ProcurementPlan } from './plan/procurement-plan.entity.js';
import { policy } from './policy.js';
import { TendersSchema } from './schema.js';

/** Wiring only. */
@Module({})
export class TendersModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: TendersModule,
      imports: [
        SubgraphModule.forService({
          config,
          schema: TendersSchema,
          entities: [
            ServiceCategory,
            NegativeListEntry,
            ServiceItem,
            ItemPrice,
            BudgetLine,
            ProcurementPlan,
          ],
          policy,
        }),
        MessagingModule.forService({ config }),
      ],
      providers: [
        CatalogueService,
        CatalogueReads,
        CatalogueResolver,
        BudgetService,
        BudgetResolver,
        ServiceItemBudgetResolver,
        PlanService,
        PlanReads,
        PlanResolver,
      ],
    };
  }
}
