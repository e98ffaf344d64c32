import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { Fact } from '../fact/fact.entity.js';
import { printPackage, type Publisher, recordsOf, type Release, releasesOf } from './releases.js';

/** OCDS 1.1.5 of a tender, from events alone. */
@Injectable()
export class OcdsService {
  /** `MULIN_OCID_PREFIX` is given by the registrar; "mulin0" is clearly none. */
  private readonly publisher: Publisher = {
    ocidPrefix: process.env.MULIN_OCID_PREFIX ?? 'mulin0',
    name: process.env.MULIN_PUBLISHER_NAME ?? '街道办事处',
  };

  constructor(@Inject(Database) private readonly database: Database) {}

  /** A release package: what was told of a tender, step by step. */
  releasePackage(actor: Actor | null, tenderId: string): Promise<string> {
    return this.packaged(actor, tenderId, (releases) => ({ releases }));
  }

  /** A record package: the same releases under their process. */
  recordPackage(actor: Actor | null, tenderId: string): Promise<string> {
    return this.packaged(actor, tenderId, recordsOf);
  }

  private packaged(
    actor: Actor | null,
    tenderId: string,
    content: (releases: Release[]) => object,
  ): Promise<string> {
    return this.database.read(actor, async (tx) => {
      const facts = await factsOf(tx, tenderId);
      const releases = releasesOf(facts, tenderId, this.publisher);
      if (releases.length === 0) throw new NotFound('tender', tenderId);
      const published = { publisher: this.publisher, publishedAt: await now(tx) };
      return printPackage({ uri: `urn:mulin:ocds:${tenderId}`, ...published }, content(releases));
    });
  }
}

/** All that was told of a tender, its plan, its contracts and who took part: one statement. */
function factsOf(tx: Tx, tenderId: string): Promise<Fact[]> {
  return tx
    .createQueryBuilder(Fact, 'fact')
    .where(
      `fact.tender_id = :tenderId
       or (fact.type in ('mulin.procurementPlan.approved.v1', 'mulin.procurementPlan.singleSourceNoticed.v1')
         and fact.subject in (select payload ->> 'procurementPlanId'
         from fact published where published.tender_id = :tenderId and published.type = 'mulin.tender.published.v1'))
       or fact.contract_id in (select payload ->> 'contractId' from fact awarded
         where awarded.tender_id = :tenderId and awarded.type = 'mulin.tender.awarded.v1')
       or (fact.type = 'mulin.organisation.registered.v1' and fact.subject in (select bid ->> 'organisationId'
         from fact told, jsonb_array_elements(told.payload -> 'bids') bid
         where told.tender_id = :tenderId
           and told.type in ('mulin.tender.opened.v1', 'mulin.tender.failed.v1')))`,
      { tenderId },
    )
    .orderBy('fact.place')
    .getMany();
}
