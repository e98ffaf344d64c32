import { createHash } from 'node:crypto';
import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import {
  connection,
  createOnce,
  IdAlreadyUsed,
  InvalidInput,
  NotFound,
  paginate,
} from '@mulin/graphql';
import { isId } from '@mulin/ids';
import { Inject, Injectable } from '@nestjs/common';
import { Args, createUnionType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { InsightsSchema } from '../schema.js';
import {
  ImportedRelease,
  ImportedReleasesArgs,
  ImportOcdsInput,
  OcdsImport,
  OcdsImportsArgs,
  OcdsPackageInvalid,
} from './import.entity.js';
import { type ReadPackage, readPackage } from './read-package.js';
import type { RowProblem } from './row-problem.js';

export const ImportOcdsResult = createUnionType({
  name: 'ImportOcdsResult',
  registerIn: () => InsightsSchema,
  types: () => [OcdsImport, OcdsPackageInvalid, IdAlreadyUsed, InvalidInput] as const,
});

@ObjectType({ registerIn: () => InsightsSchema })
export class OcdsImportConnection extends connection(OcdsImport, InsightsSchema) {}

@ObjectType({ registerIn: () => InsightsSchema })
export class ImportedReleaseConnection extends connection(ImportedRelease, InsightsSchema) {}

/** Taking in packages from elsewhere: one transaction, whole or not at all. */
@Injectable()
export class ImportService {
  constructor(@Inject(Database) private readonly database: Database) {}

  take(actor: Actor, input: ImportOcdsInput) {
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'OcdsImport', load: (id) => load(tx, id) }, async () => {
        const { id } = input;
        const json = input.json.text;
        if (!isId('imp', id))
          return new InvalidInput('input.id', { problem: 'NOT_AN_ID', given: id.slice(0, 80) });
        const result = readPackage(json, process.env.MULIN_OCID_PREFIX ?? 'mulin0');
        if ('problems' in result) return new OcdsPackageInvalid(result.problems);
        const { read } = result;
        // One after the other in a street: who sends the same package twice at once is told so the second time.
        await tx.query(`select pg_advisory_xact_lock(hashtextextended('ocdsImport ' || $1, 0))`, [
          actor.street,
        ]);
        const known = await knownAlready(tx, actor.street, read);
        if (known.length > 0) return new OcdsPackageInvalid(known);
        const taken = Object.assign(new OcdsImport(), {
          id,
          street: actor.street,
          publisher: read.publisher,
          releases: read.releases.length,
          processes: new Set(read.releases.map(({ ocid }) => ocid)).size,
          hash: `sha256:${createHash('sha256').update(json).digest('hex')}`,
          importedBy: actor.id,
          importedAt: await now(tx),
        });
        await tx.insert(OcdsImport, taken);
        await tx.query(
          `insert into imported_release (street, ocid, release_id, import_id, tags, released_at, release)
             select $2, ocid, "releaseId", $3, array(select jsonb_array_elements_text(tags)), "releasedAt", release
             from json_to_recordset($1::json) as each (ocid text, "releaseId" text, tags jsonb,
               "releasedAt" timestamptz, release jsonb)`,
          [JSON.stringify(read.releases), actor.street, id],
        );
        return taken;
      }),
    );
  }

  page(actor: Actor, { filter, ...page }: OcdsImportsArgs) {
    return paginate<OcdsImport>({
      read: (work) => this.database.read(actor, work),
      alias: 'import',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(OcdsImport, 'import').where('true');
        if (filter?.publisher)
          query.andWhere('import.publisher ilike :search', {
            search: `%${filter.publisher.replace(/[\\%_]/g, '\\$&')}%`,
          });
        if (filter?.from) query.andWhere('import.importedAt >= :from', { from: filter.from });
        if (filter?.to) query.andWhere('import.importedAt < :to', { to: filter.to });
        return query;
      },
    });
  }

  releases(actor: Actor, { filter, orderBy, ...page }: ImportedReleasesArgs) {
    return paginate<ImportedRelease>({
      read: (work) => this.database.read(actor, work),
      alias: 'release',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(ImportedRelease, 'release').where('true');
        if (filter?.ocid) query.andWhere('release.ocid = :ocid', { ocid: filter.ocid });
        if (filter?.importId)
          query.andWhere('release.importId = :import', { import: filter.importId });
        return query;
      },
    });
  }
}

async function load(tx: Tx, id: string): Promise<OcdsImport> {
  const found = await tx.findOneBy(OcdsImport, { id });
  if (!found) throw new NotFound('ocdsImport', id);
  return found;
}

/** Releases that were taken in before: named by their place, one statement for all. */
async function knownAlready(
  tx: Tx,
  street: string,
  { releases }: ReadPackage,
): Promise<RowProblem[]> {
  const rows = await tx.query<{ at: number }[]>(
    `select (at - 1)::int as at from unnest($2::text[], $3::text[]) with ordinality as each (ocid, id, at)
     where exists (select from imported_release known
       where known.street = $1 and known.ocid = each.ocid and known.release_id = each.id)
     order by at limit 100`,
    [street, releases.map(({ ocid }) => ocid), releases.map(({ releaseId }) => releaseId)],
  );
  return rows.map(({ at }) => ({ path: `${releases[at]?.path}.id`, code: 'known' }));
}

/** Packages from elsewhere. */
@Resolver(() => OcdsImport)
export class ImportResolver {
  constructor(@Inject(ImportService) private readonly imports: ImportService) {}

  @Query(() => OcdsImportConnection, {
    nullable: true,
    name: 'ocdsImports',
    description: 'What was taken in from elsewhere, page by page.',
  })
  @Allow('insights.import.read')
  page(@Args() args: OcdsImportsArgs, @CurrentActor() actor: Actor) {
    return this.imports.page(actor, args);
  }

  @Query(() => ImportedReleaseConnection, {
    nullable: true,
    name: 'importedReleases',
    description: 'The releases that were taken in, as they came but for what names people.',
  })
  @Allow('insights.import.read')
  releases(@Args() args: ImportedReleasesArgs, @CurrentActor() actor: Actor) {
    return this.imports.releases(actor, args);
  }

  @Mutation(() => ImportOcdsResult, {
    description:
      'Takes in an OCDS package from another system, whole or not at all; contact points are left out.',
  })
  @Allow('insights.ocds.import')
  importOcds(@Args('input') input: ImportOcdsInput, @CurrentActor() actor: Actor) {
    return this.imports.take(actor, input);
  }
}
