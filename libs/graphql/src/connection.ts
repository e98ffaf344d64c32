import { sqlState, type Tx } from '@mulin/database';
import type { Type } from '@nestjs/common';
import {
  ArgsType,
  Directive,
  Field,
  type FieldMiddleware,
  Int,
  ObjectType,
  registerEnumType,
} from '@nestjs/graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { BadUserInput } from './errors.js';

/** Largest page that a client may ask for. */
export const MAX_PAGE = 100;

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, { name: 'SortDirection' });

@ObjectType({ description: 'Where a page ends (Relay cursor connections).' })
@Directive('@shareable')
export class PageInfo {
  @Field()
  hasNextPage: boolean;

  @Field(() => String, { nullable: true, description: 'Hand it to `after` for the next page.' })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: `1 to ${MAX_PAGE}.` })
  first: number;

  @Field(() => String, { nullable: true, description: 'The endCursor of the page before.' })
  after?: string | null;
}

export interface Page<T> {
  nodes: T[];
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfo;
  totalCount: () => Promise<number>;
}

/** Counts only when the field was asked for. */
const whenAsked: FieldMiddleware = ({ source, info }) => source[info?.fieldName ?? '']();

/**
 * Makes the connection and edge types of a node type; call it once per node and extend the result:
 * `@ObjectType({ registerIn }) export class ContractConnection extends connection(Contract, Schema) {}`
 */
export function connection<T extends object>(node: Type<T>, schema: Type<unknown>) {
  @ObjectType(`${node.name}Edge`, { registerIn: () => schema })
  class Edge {
    @Field()
    cursor: string;

    @Field(() => node)
    node: T;
  }

  @ObjectType({ isAbstract: true })
  abstract class Connection {
    @Field(() => [node])
    nodes: T[];

    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;

    @Field(() => Int, { middleware: [whenAsked], description: 'Counted only when asked for.' })
    totalCount: () => Promise<number>;
  }
  return Connection;
}

export interface PageRequest<T extends ObjectLiteral> {
  /** Opens a read transaction: `(work) => database.read(actor, work)`. */
  read: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;
  /** The filtered query, without order and limit. */
  query: (tx: Tx) => SelectQueryBuilder<T>;
  /** Alias of the entity in the query. */
  alias: string;
  /** Property to sort by, never null; the id breaks ties. Instants need timestamptz(3) columns. */
  orderBy?: { property: keyof T & string; direction: SortDirection };
  page: PageArgs;
}

/** A page for each of several parents, such as the bids of each tender of a list. */
export interface PagesRequest<T extends ObjectLiteral> extends PageRequest<T> {
  /** Property that names a row's parent. */
  parent: keyof T & string;
  parents: readonly string[];
}

/** Throws BAD_USER_INPUT, in the gateway's own words, for a page of no entries or of too many. */
export function checkPageSize(first: number): void {
  if (first >= 1 && first <= MAX_PAGE) return;
  throw new BadUserInput({
    zh: `每页 1 至 ${MAX_PAGE} 条。`,
    en: `A page holds 1 to ${MAX_PAGE} entries.`,
  });
}

/** One keyset page: its cost does not grow with how far one has paged, nor do rows slip between pages. */
export async function paginate<T extends ObjectLiteral & { id: string }>(
  request: PageRequest<T>,
): Promise<Page<T>> {
  const order = orderOf(request);
  const found = await rowsOf(request, (tx) =>
    keyset(request.query(tx), request.alias, order, request.page.after ?? null)
      .take(request.page.first + 1)
      .getMany(),
  );
  return pageOf(found, request, () => request.read((tx) => request.query(tx).getCount()));
}

/**
 * A keyset page for each parent, in one statement however many parents there are, and one more where they are counted:
 * what a DataLoader asks for. The rows of a parent are numbered to cut its page off, so lists of this kind stay short.
 */
export async function paginateEach<T extends ObjectLiteral & { id: string }>(
  request: PagesRequest<T>,
): Promise<Map<string, Page<T>>> {
  const { alias, page, parents } = request;
  const order = orderOf(request);
  const by = [order.property, 'id'].map((each) => `${alias}.${each} ${order.direction}`).join(', ');
  const ofThese = (tx: Tx) =>
    request
      .query(tx)
      .andWhere(`${alias}.${request.parent} = any (:eachParent)`, { eachParent: [...parents] });
  const found = await rowsOf(request, (tx) => {
    const numbered = keyset(ofThese(tx), alias, order, page.after ?? null)
      .orderBy()
      .select(`${alias}.id`, 'id')
      .addSelect(
        `row_number() over (partition by ${alias}.${request.parent} order by ${by})`,
        'place',
      );
    const cut = request
      .query(tx)
      .where(
        `${alias}.id in (select id from (${numbered.getQuery()}) numbered where place <= :eachFirst)`,
        { ...numbered.getParameters(), eachFirst: page.first + 1 },
      );
    return sorted(cut, alias, order).getMany();
  });
  // Counted once for all parents, when the first of them asks.
  let counted: Promise<Map<string, number>> | undefined;
  const count = () =>
    request.read(async (tx) => {
      const rows = await ofThese(tx)
        .select(`${alias}.${request.parent}`, 'parent')
        .addSelect('count(*)::int', 'rows')
        .groupBy(`${alias}.${request.parent}`)
        .getRawMany<{ parent: string; rows: number }>();
      return new Map(rows.map((row) => [row.parent, row.rows]));
    });
  return new Map(
    parents.map((parent) => [
      parent,
      pageOf(
        found.filter((row) => row[request.parent] === parent),
        request,
        async () => (await (counted ??= count())).get(parent) ?? 0,
      ),
    ]),
  );
}

const orderOf = <T extends ObjectLiteral>({ orderBy }: PageRequest<T>): Order =>
  orderBy ?? { property: 'id', direction: SortDirection.ASC };

/** What a page is cut from; what a client may ask wrongly is said in its own words. */
function rowsOf<T extends ObjectLiteral>(
  { page, read }: PageRequest<T>,
  rows: (tx: Tx) => Promise<T[]>,
): Promise<T[]> {
  checkPageSize(page.first);
  return read(rows).catch((error: unknown) => {
    // A value that somebody wrote into a cursor by hand, and that its column cannot be.
    if (page.after && sqlState(error)?.startsWith('22')) throw badCursor();
    throw error;
  });
}

function pageOf<T extends ObjectLiteral & { id: string }>(
  found: readonly T[],
  request: PageRequest<T>,
  totalCount: () => Promise<number>,
): Page<T> {
  const { first } = request.page;
  const order = orderOf(request);
  const nodes = found.slice(0, first);
  const edges = nodes.map((node) => ({
    node,
    cursor: cursorOf(order, node[order.property], node.id),
  }));
  return {
    nodes,
    edges,
    pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount,
  };
}

function keyset<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  alias: string,
  order: Order,
  after: string | null,
): SelectQueryBuilder<T> {
  const column = `${alias}.${order.property}`;
  const byId = order.property === 'id';
  if (after) {
    const { value, id } = readCursor(order, after);
    const beyond = order.direction === SortDirection.ASC ? '>' : '<';
    query.andWhere(
      byId
        ? `${column} ${beyond} :cursorId`
        : `(${column}, ${alias}.id) ${beyond} (:cursorValue, :cursorId)`,
      { cursorId: id, cursorValue: value },
    );
  }
  return sorted(query, alias, order);
}

function sorted<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  alias: string,
  { property, direction }: Order,
): SelectQueryBuilder<T> {
  query.orderBy(`${alias}.${property}`, direction);
  return property === 'id' ? query : query.addOrderBy(`${alias}.id`, direction);
}

type CursorValue = string | number;

interface Order {
  property: string;
  direction: SortDirection;
}

/** A cursor says in which order it was given: in another one it would lead anywhere. */
const nameOf = ({ property, direction }: Order): string => `${property} ${direction}`;

function cursorOf(order: Order, value: unknown, id: string): string {
  const plain =
    value instanceof Date ? value.toISOString() : typeof value === 'number' ? value : String(value);
  return Buffer.from(JSON.stringify([nameOf(order), plain, id])).toString('base64url');
}

function readCursor(order: Order, cursor: string): { value: CursorValue; id: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3 && parsed[0] === nameOf(order)) {
      const [, value, id] = parsed as unknown[];
      if (typeof id !== 'string') throw badCursor();
      if (typeof value === 'string' || typeof value === 'number') return { value, id };
    }
  } catch {
    // Falls through to the one answer for every cursor that is not ours.
  }
  throw badCursor();
}

const badCursor = (): BadUserInput =>
  new BadUserInput({
    zh: '该翻页标记不是由此列表、按此排序给出的，请从第一页重新读取。',
    en: 'This cursor was not made by this list in this order; begin again with the first page.',
  });
