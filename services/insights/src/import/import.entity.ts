import { InstantScalar, type OpaqueText, Refusal } from '@mulin/graphql';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InsightsSchema } from '../schema.js';
import { OcdsJsonScalar } from './ocds-json.scalar.js';
import type { RowProblem } from './read-package.js';

const registerIn = () => InsightsSchema;

/** A package from elsewhere that was taken in as a whole. */
@Entity('ocds_import')
@ObjectType({
  registerIn,
  description: 'An OCDS package from another system, taken in as a whole (history of an office).',
})
export class OcdsImport {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field({ description: 'Who published it.' })
  publisher: string;

  @Column('int')
  @Field(() => Int)
  releases: number;

  @Column('int')
  @Field(() => Int, { description: 'Contracting processes (ocids).' })
  processes: number;

  @Column('text')
  @Field({ description: 'sha256:… of the package as it came.' })
  hash: string;

  @Column('text', { name: 'imported_by' })
  importedBy: string;

  @Column('timestamptz', { name: 'imported_at' })
  @Field(() => InstantScalar)
  importedAt: Date;
}

/** One release of an imported package, without what names people. */
@Entity('imported_release')
export class ImportedRelease {
  @PrimaryColumn('text')
  street: string;

  @PrimaryColumn('text')
  ocid: string;

  @PrimaryColumn('text', { name: 'release_id' })
  releaseId: string;

  @Column('text', { name: 'import_id' })
  importId: string;

  @Column('text', { array: true })
  tags: string[];

  @Column('timestamptz', { name: 'released_at' })
  releasedAt: Date;

  @Column('jsonb')
  release: Record<string, unknown>;
}

@InputType({ registerIn })
export class ImportOcdsInput {
  @Field(() => ID, {
    description: 'Made by you: imp_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => OcdsJsonScalar, { description: 'A release package or record package of OCDS 1.1.' })
  json: OpaqueText;
}

@ObjectType({ registerIn, description: 'One thing that is wrong with a package, and where.' })
export class OcdsRowProblem {
  @Field({ description: 'JSON path: releases[3].contracts[0].awardID' })
  path: string;

  @Field({
    description: 'missing, notADate, notACode, notAnOcid, repeated, known, ours, notJson or empty.',
  })
  code: string;
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The package was not taken in: nothing of it. Every problem is named, at most 100.',
})
export class OcdsPackageInvalid extends Refusal {
  @Field(() => [OcdsRowProblem])
  problems: RowProblem[];

  constructor(problems: RowProblem[]) {
    super(
      {
        id: 'ocds.package',
        article: 'OCDS 1.1.5',
        title: { zh: '导入的数据包须符合标准', en: 'An imported package follows the standard' },
      },
      {
        zh: `数据包有 ${problems.length} 处问题，未导入任何内容。`,
        en: `The package has ${problems.length} problems; nothing of it was imported.`,
      },
    );
    this.problems = problems;
  }
}
