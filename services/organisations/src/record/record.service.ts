import type { Actor } from '@mulin/auth';
import { addDays, civilDateInShanghai, endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { OrganisationRated, OrganisationRestricted } from '@mulin/events';
import { changeOnce, checkText, createOnce, InvalidInput, NotFound } from '@mulin/graphql';
import { isId, type Prefix } from '@mulin/ids';
import { append, type NewEvent } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Organisation } from '../organisation/organisation.entity.js';
import { BadRecord, EvaluationResult, Rating, TrackRecord } from './record.entity.js';
import type { RecordBadRecordInput, RecordRatingInput, RecordStepInput } from './record.inputs.js';
import { BadRecordUnlawful, GradeTooLong } from './record.refusals.js';

interface Kind {
  code: string;
  least: number;
  most: number;
  article: string;
}

/** Grades and bad records: written by one person, in force when a second confirmed them. */
@Injectable()
export class RecordService {
  constructor(@Inject(Database) private readonly database: Database) {}

  rate(actor: Actor, input: RecordRatingInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Rating', load: (id) => load(tx, Rating, id) },
        async () => {
          const unfit = malformed('rtg', input) ?? gradeRange(input.grade);
          if (unfit) return unfit;
          const rule = await gradeRule(tx);
          if (input.to < input.from || input.to >= laterByMonths(input.from, rule.years * 12))
            return new GradeTooLong(rule);
          await mustSee(tx, input.organisationId);
          const { id, organisationId, grade, from, to, document } = input;
          const rating = Object.assign(new Rating(), {
            ...{ id, organisationId, grade, from, to, document, street: actor.street },
            ...{ recordedBy: actor.id, confirmedBy: null, version: 1 },
          });
          await tx.insert(Rating, rating);
          return rating;
        },
      ),
    );
  }

  confirmRating(actor: Actor, input: RecordStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Rating', load: (id) => load(tx, Rating, id) },
        async () => {
          const { organisation, row: rating } = await lockBoth(tx, Rating, input.id);
          const refusal = rating.confirm(actor.id, input.expectedVersion);
          if (refusal) return refusal;
          await tx.save(rating);
          const { id: ratingId, organisationId, grade, from, to } = rating;
          await tell(tx, organisation, {
            type: OrganisationRated,
            payload: { ratingId, organisationId, grade, from, to },
          });
          return rating;
        },
      ),
    );
  }

  enterBadRecord(actor: Actor, input: RecordBadRecordInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'BadRecord', load: (id) => load(tx, BadRecord, id) },
        async () => {
          const unfit = malformed('bad', input);
          if (unfit) return unfit;
          const kinds = await badRecordKinds(tx);
          const kind = kinds.find(({ code }) => code === input.kind) ?? null;
          const known = kinds.map(({ code }) => code);
          if (!kind) return new BadRecordUnlawful(known, null);
          const after = addDays(input.to, 1);
          if (
            after < laterByMonths(input.from, kind.least) ||
            after > laterByMonths(input.from, kind.most)
          )
            return new BadRecordUnlawful(known, kind);
          await mustSee(tx, input.organisationId);
          const { id, organisationId, from, to, document } = input;
          const record = Object.assign(new BadRecord(), {
            ...{ id, organisationId, from, to, document, kind: kind.code, street: actor.street },
            ...{ recordedBy: actor.id, confirmedBy: null, revokedBy: null, version: 1 },
          });
          await tx.insert(BadRecord, record);
          return record;
        },
      ),
    );
  }

  confirmBadRecord(actor: Actor, input: RecordStepInput) {
    return this.changeBadRecord(actor, input, (record) =>
      record.confirm(actor.id, input.expectedVersion),
    );
  }

  revokeBadRecord(actor: Actor, input: RecordStepInput) {
    return this.changeBadRecord(actor, input, (record) =>
      record.revoke(actor.id, input.expectedVersion),
    );
  }

  /** How organisations stood on that day, today where none is given; five statements, however many they are. */
  trackRecords(
    actor: Actor,
    ids: readonly string[],
    day?: string,
  ): Promise<Map<string, TrackRecord>> {
    return this.database.read(actor, async (tx) => {
      const asOf = day ?? civilDateInShanghai(await now(tx));
      const inForce = (alias: string) =>
        `${alias}.organisation_id = any (:ids) and ${alias}.confirmed_by is not null
         and :asOf between ${alias}.valid_from and ${alias}.valid_to`;
      const facts = { ids: [...ids], asOf, end: endOfCivilDay(asOf) };
      const ratings = await tx
        .createQueryBuilder(Rating, 'rating')
        .where(inForce('rating'), facts)
        .orderBy('rating.grade', 'DESC')
        .addOrderBy('rating.to', 'DESC')
        .getMany();
      const badRecords = await tx
        .createQueryBuilder(BadRecord, 'bad')
        .where(`${inForce('bad')} and bad.revoked_by is null`, facts)
        .orderBy('bad.id')
        .getMany();
      const latest = await tx
        .createQueryBuilder(EvaluationResult, 'result')
        .where(
          `result.evaluation_id in (select newest.evaluation_id from unnest(:ids::text[]) each (id)
             cross join lateral (select evaluation_id from evaluation_result
               where organisation_id = each.id and finalised_at < :end
               order by finalised_at desc limit 20) newest)`,
          facts,
        )
        .orderBy('result.finalisedAt', 'DESC')
        .getMany();
      const sums = await tx.query<{ id: string; count: number; mean: number }[]>(
        `select organisation_id as id, count(*)::int as count, (sum(score) / count(*))::int as mean
         from evaluation_result where organisation_id = any ($1) and finalised_at < $2 group by 1`,
        [facts.ids, facts.end],
      );
      return new Map(
        ids.map((id) => {
          const own = <T extends { organisationId: string }>(rows: readonly T[]) =>
            rows.filter(({ organisationId }) => organisationId === id);
          const sum = sums.find((each) => each.id === id);
          const record = Object.assign(new TrackRecord(), {
            ...{ asOf, rating: own(ratings)[0] ?? null, badRecords: own(badRecords) },
            latest: own(latest),
            evaluations: sum?.count ?? 0,
            meanScore: sum?.mean ?? null,
          });
          return [id, record] as const;
        }),
      );
    });
  }

  private changeBadRecord<R>(
    actor: Actor,
    input: RecordStepInput,
    change: (record: BadRecord) => R | undefined,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'BadRecord', load: (id) => load(tx, BadRecord, id) },
        async () => {
          const { organisation, row: record } = await lockBoth(tx, BadRecord, input.id);
          const refusal = change(record);
          if (refusal) return refusal;
          await tx.save(record);
          const until = await restrictedUntil(tx, organisation.id);
          await tell(tx, organisation, {
            type: OrganisationRestricted,
            payload: { organisationId: organisation.id, until },
          });
          return record;
        },
      ),
    );
  }
}

/** Until when the bad records that stand keep it out; yesterday where none does any more. */
async function restrictedUntil(tx: Tx, organisationId: string): Promise<string> {
  const [row] = await tx.query<{ until: string | null }[]>(
    `select max(valid_to)::text as until from bad_record
     where organisation_id = $1 and confirmed_by is not null and revoked_by is null`,
    [organisationId],
  );
  return row?.until ?? addDays(civilDateInShanghai(await now(tx)), -1);
}

async function tell<P>(
  tx: Tx,
  organisation: Organisation,
  event: Pick<NewEvent<P>, 'type' | 'payload'>,
): Promise<void> {
  organisation.events += 1;
  await tx.save(organisation);
  const { id: aggregateId, events: aggregateVersion, street } = organisation;
  await append(tx, { ...event, aggregateId, aggregateVersion, street });
}

async function badRecordKinds(tx: Tx): Promise<Kind[]> {
  return tx.query<Kind[]>(
    `select distinct on (code) code, least_months as least, most_months as most, article
     from bad_record_kind where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by code, in_force_from desc`,
  );
}

/** The organisation first: its count of events is raised by whoever tells of it. */
async function lockBoth<T extends { id: string; organisationId: string }>(
  tx: Tx,
  entity: new () => T,
  id: string,
): Promise<{ organisation: Organisation; row: T }> {
  const { organisationId } = await load(tx, entity, id);
  const organisation = await tx.findOne(Organisation, {
    where: { id: organisationId },
    lock: { mode: 'for_no_key_update' },
  });
  if (!organisation) throw new NotFound('organisation', organisationId);
  return { organisation, row: await load(tx, entity, id) };
}

async function load<T extends { id: string }>(tx: Tx, entity: new () => T, id: string): Promise<T> {
  const row = await tx.createQueryBuilder(entity, 'each').where('each.id = :id', { id }).getOne();
  if (!row) throw new NotFound(entity === (Rating as unknown) ? 'rating' : 'badRecord', id);
  return row;
}

async function mustSee(tx: Tx, id: string): Promise<void> {
  if (!(await tx.existsBy(Organisation, { id }))) throw new NotFound('organisation', id);
}

function malformed(
  prefix: Prefix,
  { id, organisationId, document }: { id: string; organisationId: string; document: string },
): InvalidInput | undefined {
  if (!isId(prefix, id))
    return new InvalidInput('input.id', { problem: 'NOT_AN_ID', given: id.slice(0, 80) });
  if (!isId('org', organisationId))
    return new InvalidInput('input.organisationId', {
      ...{ problem: 'NOT_AN_ID', given: organisationId.slice(0, 80) },
    });
  return checkText('input.document', document, 200);
}

function gradeRange(grade: number): InvalidInput | undefined {
  return Number.isInteger(grade) && grade >= 1 && grade <= 5
    ? undefined
    : new InvalidInput('input.grade', { problem: 'OUT_OF_RANGE', given: String(grade) });
}

/** How long a grade holds at the longest, by the rule in force. */
async function gradeRule(tx: Tx): Promise<{ years: number; article: string }> {
  const [rule] = await tx.query<{ years: number; article: string }[]>(
    'select most_years as years, article from grade_rule_in_force',
  );
  if (!rule) throw new Error('No rule on the term of grades is in force.');
  return rule;
}

/** The same day so many months later; the last of the month where there is no such day. */
function laterByMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}
