import { type Fen, fen, fenColumn } from '@mulin/money';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What this service knows of a fund, from payments' events; its balance is payments' to say. */
@Entity('known_fund')
export class KnownFund {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { nullable: true })
  street: string | null;

  @Column('int', { name: 'fiscal_year', nullable: true })
  fiscalYear: number | null;

  @Column('boolean', { name: 'is_open' })
  isOpen: boolean;

  @Column('bigint', { name: 'appropriated_fen', transformer: fenColumn })
  appropriatedFen: Fen;

  @Column('bigint', { name: 'promised_fen', transformer: fenColumn })
  promisedFen: Fen;

  /** As last told. */
  get availableFen(): Fen {
    return fen(
      this.appropriatedFen > this.promisedFen ? this.appropriatedFen - this.promisedFen : 0n,
    );
  }
}
