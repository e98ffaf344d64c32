import { type Actor, isStaff } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { byKey, type GraphqlContext, groupedBy, loader, paginate, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In, type ObjectLiteral } from 'typeorm';
import { Appeal } from '../appeal/appeal.entity.js';
import { currentSnapshots } from '../notice/current-snapshot.js';
import type { Snapshot } from '../notice/snapshot.js';
import { Rectification } from '../rectification/rectification.entity.js';
import { Result } from '../sheet/result.entity.js';
import { Sheet, SheetScore } from '../sheet/sheet.entity.js';
import { Evaluation } from './evaluation.entity.js';
import {
  type EvaluationFilter,
  EvaluationOrderField,
  type EvaluationsArgs,
} from './evaluation.inputs.js';
import { loadEvaluation } from './load.js';
import { Indicator, PlannedSource } from './plan.entity.js';
import { EvaluationState } from './states.js';

const BEFORE_THE_NOTICE: ReadonlySet<EvaluationState> = new Set([
  EvaluationState.PLANNED,
  EvaluationState.COLLECTING,
  EvaluationState.SCORED,
]);
const NOTHING: Snapshot = { gates: [], breaches: [] };

/**
 * Reading evaluations: every field of every row on a page is one statement for the page, under the
 * row-level security of whoever asks.
 */
@Injectable()
export class EvaluationReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  one(actor: Actor | null, id: string): Promise<Evaluation> {
    return this.database.read(actor, (tx) => loadEvaluation(tx, id));
  }

  page(actor: Actor | null, { filter, orderBy, ...page }: EvaluationsArgs) {
    return paginate<Evaluation>({
      read: (work) => this.database.read(actor, work),
      alias: 'evaluation',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = filtered(tx, filter);
        if (orderBy?.field === EvaluationOrderField.FINALISED_AT)
          query.andWhere('evaluation.finalisedAt is not null');
        return query;
      },
    });
  }

  byId(context: GraphqlContext, id: string) {
    return loader(context, 'evaluation', async (ids: readonly string[]) =>
      byKey(await this.find(context, Evaluation, { id: In([...ids]) }), (each) => each.id),
    ).load(id);
  }

  /** First attempt first. */
  async ofInstalment(context: GraphqlContext, instalmentId: string): Promise<Evaluation[]> {
    const found = await loader(context, 'evaluationsOfInstalment', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.find(context, Evaluation, { instalmentId: In([...ids]) }, { attempt: 'asc' }),
        (each) => each.instalmentId,
      ),
    ).load(instalmentId);
    return found ?? [];
  }

  result(context: GraphqlContext, evaluationId: string) {
    return loader(context, 'result', async (ids: readonly string[]) =>
      byKey(
        await this.find(context, Result, { evaluationId: In([...ids]) }),
        (each) => each.evaluationId,
      ),
    ).load(evaluationId);
  }

  /**
   * Gates and breaches: as the organisation was told; for the street, before the notice, as they stand
   * now. Null for an organisation that was not told yet.
   */
  async snapshot(context: GraphqlContext, evaluation: Evaluation): Promise<Snapshot | null> {
    const { actor } = context;
    if (!BEFORE_THE_NOTICE.has(evaluation.state)) {
      const result = await this.result(context, evaluation.id);
      return result && { gates: result.gates ?? [], breaches: result.breaches ?? [] };
    }
    if (!actor || !isStaff(actor)) return null;
    return loader(context, 'snapshot', (evaluations: readonly Evaluation[]) =>
      this.database.read(actor, async (tx) => {
        const snapshots = await currentSnapshots(tx, evaluations);
        return new Map(evaluations.map((each) => [each, snapshots.get(each.id) ?? NOTHING]));
      }),
    ).load(evaluation);
  }

  rectification(context: GraphqlContext, evaluationId: string) {
    return loader(context, 'rectificationOf', async (ids: readonly string[]) =>
      byKey(
        await this.find(context, Rectification, { evaluationId: In([...ids]) }),
        (each) => each.evaluationId,
      ),
    ).load(evaluationId);
  }

  rectificationById(context: GraphqlContext, id: string) {
    return loader(context, 'rectification', async (ids: readonly string[]) =>
      byKey(await this.find(context, Rectification, { id: In([...ids]) }), (each) => each.id),
    ).load(id);
  }

  sheetById(context: GraphqlContext, id: string) {
    return loader(context, 'sheet', async (ids: readonly string[]) =>
      byKey(await this.find(context, Sheet, { id: In([...ids]) }), (each) => each.id),
    ).load(id);
  }

  indicators(context: GraphqlContext, evaluationId: string): Promise<Indicator[]> {
    return this.children(context, Indicator, evaluationId, { position: 'asc' });
  }

  sources(context: GraphqlContext, evaluationId: string): Promise<PlannedSource[]> {
    return this.children(context, PlannedSource, evaluationId, { source: 'asc' });
  }

  sheets(context: GraphqlContext, evaluationId: string): Promise<Sheet[]> {
    return this.children(context, Sheet, evaluationId, { id: 'asc' });
  }

  appeals(context: GraphqlContext, evaluationId: string): Promise<Appeal[]> {
    return this.children(context, Appeal, evaluationId, { id: 'asc' });
  }

  async scores(context: GraphqlContext, sheetId: string): Promise<SheetScore[]> {
    const found = await loader(context, 'scores', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.find(context, SheetScore, { sheetId: In([...ids]) }, { indicator: 'asc' }),
        (each) => each.sheetId,
      ),
    ).load(sheetId);
    return found ?? [];
  }

  private async children<T extends ObjectLiteral & { evaluationId: string }>(
    context: GraphqlContext,
    entity: new () => T,
    evaluationId: string,
    order: Record<string, 'asc'>,
  ): Promise<T[]> {
    const found = await loader(
      context,
      `${entity.name} of evaluation`,
      async (ids: readonly string[]) =>
        groupedBy(
          ids,
          await this.find(context, entity, { evaluationId: In([...ids]) }, order),
          (each) => each.evaluationId,
        ),
    ).load(evaluationId);
    return found ?? [];
  }

  private find<T extends ObjectLiteral>(
    { actor }: GraphqlContext,
    entity: new () => T,
    where: object,
    order: object = {},
  ): Promise<T[]> {
    return this.database.read(actor, (tx) => tx.find(entity, { where, order }));
  }
}

function filtered(tx: Tx, filter: EvaluationFilter | undefined) {
  const query = tx.createQueryBuilder(Evaluation, 'evaluation').where('true');
  if (filter?.state)
    query.andWhere('evaluation.state in (:...states)', { states: filter.state.in });
  for (const name of ['contract', 'organisation', 'instalment'] as const) {
    const id = filter?.[name]?.eq;
    if (id) query.andWhere(`evaluation.${name}Id = :${name}`, { [name]: id });
  }
  const { from, to } = filter?.period ?? {};
  if (from)
    query.andWhere(
      'evaluation.instalmentId in (select id from term_instalment where period_to >= :from)',
      { from },
    );
  if (to)
    query.andWhere(
      'evaluation.instalmentId in (select id from term_instalment where period_from <= :to)',
      { to },
    );
  within(query, 'evaluation.plannedAt', filter?.planned);
  return within(query, 'evaluation.finalisedAt', filter?.finalised);
}
