import {
  GraphQLText,
  InstantScalar,
  type OpaqueText,
  PageArgs,
  Refusal,
  SortDirection,
  type Text,
} from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InsightsSchema } from '../schema.js';
import { OcdsJsonScalar } from './ocds-json.scalar.js';
import { ROW_PROBLEMS, type RowProblem, type RowProblemCode } from './row-problem.js';

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
@ObjectType({
  registerIn,
  description: 'One release of an imported package, without what names people.',
})
export class ImportedRelease {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field({ description: 'The contracting process, as the other system calls it.' })
  ocid: string;

  @Column('text', { name: 'release_id' })
  @Field(() => ID, { description: 'Its id within the process.' })
  releaseId: string;

  @Column('text', { name: 'import_id' })
  @Field(() => ID)
  importId: string;

  @Column('text', { array: true })
  @Field(() => [String])
  tags: string[];

  @Column('timestamptz', { name: 'released_at' })
  @Field(() => InstantScalar)
  releasedAt: Date;

  @Column('jsonb')
  release: Record<string, unknown>;

  @Field({ description: 'The release, JSON.' })
  get json(): string {
    return JSON.stringify(this.release);
  }
}

@InputType({ registerIn })
export class ImportedReleaseFilter {
  @Field(() => String, { nullable: true })
  ocid?: string;

  @Field(() => ID, { nullable: true })
  importId?: string;
}

export enum ImportedReleaseOrderField {
  ID = 'id',
  RELEASED_AT = 'releasedAt',
}
registerEnumType(ImportedReleaseOrderField, { name: 'ImportedReleaseOrderField', registerIn });

@InputType({ registerIn })
export class ImportedReleaseOrder {
  @Field(() => ImportedReleaseOrderField)
  field: ImportedReleaseOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ImportedReleasesArgs extends PageArgs {
  @Field(() => ImportedReleaseFilter, { nullable: true })
  filter?: ImportedReleaseFilter;

  @Field(() => ImportedReleaseOrder, { nullable: true })
  orderBy?: ImportedReleaseOrder;
}

@InputType({ registerIn })
export class OcdsImportFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name of who published it.' })
  publisher?: string;

  @Field(() => InstantScalar, { nullable: true, description: 'Imported at this moment or later.' })
  from?: Date;

  @Field(() => InstantScalar, { nullable: true, description: 'Imported before this moment.' })
  to?: Date;
}

@ArgsType()
export class OcdsImportsArgs extends PageArgs {
  @Field(() => OcdsImportFilter, { nullable: true })
  filter?: OcdsImportFilter;
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

  @Field(() => String, { description: `Stable code: ${Object.keys(ROW_PROBLEMS).join(', ')}.` })
  code: RowProblemCode;

  @GraphQLText('What is wrong there, in the language of Accept-Language (zh-CN or en).')
  message: Text;

  constructor({ path, code }: RowProblem) {
    this.path = path;
    this.code = code;
    this.message = ROW_PROBLEMS[code];
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The package was not taken in: nothing of it. Every problem is named, at most 100.',
})
export class OcdsPackageInvalid extends Refusal {
  @Field(() => [OcdsRowProblem])
  problems: OcdsRowProblem[];

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
    this.problems = problems.map((each) => new OcdsRowProblem(each));
  }
}
