import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, createOnce, NotFound } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { checkAmount, checkCode, checkId, MOST_FEN, outOfRange } from '../well-formed.js';
import type {
  DraftServiceItemInput,
  RecordItemPriceInput,
  ReviseServiceItemInput,
  ServiceItemStepInput,
  ServiceItemTermsInput,
} from './catalogue.inputs.js';
import { CategoryUnknown, OnNegativeList, ServiceItemCodeTaken } from './catalogue.refusals.js';
import { NegativeListEntry, ServiceCategory } from './category.entity.js';
import { ItemPrice } from './item-price.entity.js';
import { ServiceItem } from './service-item.entity.js';

/** Writing the catalogue: one method is one use case is one transaction. */
@Injectable()
export class CatalogueService {
  constructor(@Inject(Database) private readonly database: Database) {}

  draft(actor: Actor, input: DraftServiceItemInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'ServiceItem', load: (id) => loadServiceItem(tx, id) },
        async () => {
          const unfit =
            checkId('input.id', 'itm', input.id) ??
            checkCode('input.code', input.code) ??
            (await unfitTerms(tx, input));
          if (unfit) return unfit;
          if (input.natureCode) {
            const entry = await tx.findOneBy(NegativeListEntry, { code: input.natureCode });
            return entry
              ? new OnNegativeList(entry)
              : outOfRange('input.natureCode', input.natureCode.slice(0, 80));
          }
          const { street } = actor;
          if (await tx.existsBy(ServiceItem, { street, code: input.code }))
            return new ServiceItemCodeTaken(input.code);
          const { id, code } = input;
          const item = ServiceItem.draft({ ...termsOf(input), id, code, street, by: actor.id });
          await tx.insert(ServiceItem, item);
          return item;
        },
      ),
    );
  }

  revise(actor: Actor, input: ReviseServiceItemInput) {
    return this.change(actor, input, async (tx, item) => {
      return (
        (await unfitTerms(tx, input)) ??
        item.revise(actor.id, termsOf(input), input.expectedVersion)
      );
    });
  }

  list(actor: Actor, input: ServiceItemStepInput) {
    return this.change(actor, input, async (tx, item) =>
      item.list(actor.id, input.expectedVersion, await now(tx)),
    );
  }

  suspend(actor: Actor, input: ServiceItemStepInput) {
    return this.change(actor, input, (_, item) => item.suspend(input.expectedVersion));
  }

  retire(actor: Actor, input: ServiceItemStepInput) {
    return this.change(actor, input, (_, item) => item.retire(input.expectedVersion));
  }

  recordPrice(actor: Actor, input: RecordItemPriceInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'ItemPrice', load: (id) => loadPrice(tx, id) },
        async () => {
          const unfit =
            checkId('input.id', 'prc', input.id) ??
            checkAmount('input.unitPrice', input.unitPrice, MOST_FEN);
          if (unfit) return unfit;
          const item = await loadServiceItem(tx, input.serviceItemId);
          const price = Object.assign(new ItemPrice(), {
            id: input.id,
            street: item.street,
            itemId: item.id,
            validFrom: input.validFrom,
            unitPriceFen: input.unitPrice,
            source: input.source,
            recordedBy: actor.id,
          });
          await tx.insert(ItemPrice, price);
          return price;
        },
      ),
    );
  }

  private change<R>(
    actor: Actor,
    input: ServiceItemStepInput,
    decide: (tx: Tx, item: ServiceItem) => Promise<R | undefined> | R | undefined,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'ServiceItem', load: (id) => loadServiceItem(tx, id) },
        async () => {
          const item = await loadServiceItem(tx, input.id, 'for_no_key_update');
          const refusal = await decide(tx, item);
          if (refusal) return refusal;
          await tx.save(item);
          return item;
        },
      ),
    );
  }
}

/** The item, where the actor may see it; locked when it is to be changed. */
export async function loadServiceItem(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update' | 'for_key_share',
): Promise<ServiceItem> {
  const item = await tx.findOne(ServiceItem, { where: { id }, lock: mode && { mode } });
  if (!item) throw new NotFound('serviceItem', id);
  return item;
}

async function loadPrice(tx: Tx, id: string): Promise<ItemPrice> {
  const price = await tx.findOneBy(ItemPrice, { id });
  if (!price) throw new NotFound('itemPrice', id);
  return price;
}

async function unfitTerms(tx: Tx, input: ServiceItemTermsInput) {
  const unfit =
    checkText('input.title', input.title, 200) ??
    checkText('input.standard', input.standard, 2_000) ??
    checkText('input.targetGroup', input.targetGroup, 200) ??
    checkText('input.unit', input.unit, 20) ??
    checkText('input.legalBasis', input.legalBasis, 500);
  if (unfit) return unfit;
  const known = await tx.existsBy(ServiceCategory, { code: input.categoryCode });
  return known ? undefined : new CategoryUnknown(input.categoryCode.slice(0, 80));
}

function termsOf(input: ServiceItemTermsInput) {
  const { categoryCode, title, standard, targetGroup, unit, legalBasis } = input;
  return { categoryCode, title, standard, targetGroup, unit, legalBasis };
}
