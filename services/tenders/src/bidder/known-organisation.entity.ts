import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What this service knows of an organisation, from organisation events. */
@Entity('organisation')
export class KnownOrganisation {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  name: string;

  @Column('boolean')
  verified: boolean;

  @Column('date', { name: 'restricted_until', nullable: true })
  restrictedUntil: string | null;
}
