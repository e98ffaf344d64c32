import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { paginate } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { ServiceItemFilter, ServiceItemsArgs } from './catalogue.inputs.js';
import { loadServiceItem } from './catalogue.service.js';
import { NegativeListEntry, ServiceCategory } from './category.entity.js';
import { ItemPrice } from './item-price.entity.js';
import { ServiceItem } from './service-item.entity.js';

/** What is read of the catalogue; one statement per method. */
@Injectable()
export class CatalogueReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  one(actor: Actor | null, id: string): Promise<ServiceItem> {
    return this.database.read(actor, (tx) => loadServiceItem(tx, id));
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<ServiceItem[]> {
    return this.database.read(actor, (tx) => tx.findBy(ServiceItem, { id: In([...ids]) }));
  }

  categories(actor: Actor | null): Promise<ServiceCategory[]> {
    return this.database.read(actor, (tx) => tx.find(ServiceCategory, { order: { code: 'ASC' } }));
  }

  negativeList(actor: Actor | null): Promise<NegativeListEntry[]> {
    return this.database.read(actor, (tx) =>
      tx.find(NegativeListEntry, { order: { code: 'ASC' } }),
    );
  }

  /** Newest first; the hundred newest of each item. */
  pricesOf(actor: Actor | null, itemIds: readonly string[]): Promise<ItemPrice[]> {
    return this.database.read(actor, (tx) =>
      tx
        .createQueryBuilder(ItemPrice, 'price')
        .where((query) => {
          const newest = query
            .subQuery()
            .select('ranked.id')
            .from(
              (inner) =>
                inner
                  .select('each.id', 'id')
                  .addSelect(
                    'row_number() over (partition by each.item_id order by each.valid_from desc, each.id desc)',
                    'place',
                  )
                  .from(ItemPrice, 'each')
                  .where('each.item_id = any (:itemIds)'),
              'ranked',
            )
            .where('ranked.place <= 100')
            .getQuery();
          return `price.id in ${newest}`;
        })
        .setParameter('itemIds', [...itemIds])
        .orderBy('price.validFrom', 'DESC')
        .addOrderBy('price.id', 'DESC')
        .getMany(),
    );
  }

  page(actor: Actor | null, { filter, orderBy, ...page }: ServiceItemsArgs) {
    return paginate<ServiceItem>({
      read: (work) => this.database.read(actor, work),
      alias: 'item',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => filtered(tx, filter),
    });
  }
}

function filtered(tx: Tx, filter: ServiceItemFilter | undefined) {
  const query = tx.createQueryBuilder(ServiceItem, 'item').where('true');
  if (filter?.state) query.andWhere('item.state = any (:states)', { states: filter.state.in });
  if (filter?.category)
    query.andWhere('item.categoryCode = any (:categories)', { categories: filter.category.in });
  if (filter?.search)
    query.andWhere('item.title ilike :search', {
      search: `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
    });
  return query;
}
