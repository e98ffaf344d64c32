import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import type { TestService } from '@mulin/testing';
import { mutationOf, plain } from '../operations.js';
import { person, STREET, type Told } from './terms.js';

/** A running service and the people of the street, with what other services told it. */
export class Street {
  readonly officer = person(['streetOfficer']);
  readonly secondOfficer = person(['streetOfficer']);
  readonly approver = person(['streetApprover']);
  readonly secondApprover = person(['streetApprover']);
  readonly resident = person(['resident']);

  protected constructor(readonly mulin: TestService) {}

  /** Sets the database's clock; it goes on from there. */
  async clockTo(time: Date): Promise<void> {
    const [row] = await this.mulin.database.query<{ now: Date }>('select mulin.now() as now');
    const ahead = (time.getTime() - (row?.now.getTime() ?? 0)) / 1000;
    await this.mulin.database.advanceClock(`${ahead} seconds`);
  }

  async do(actor: Actor, mutation: string, input: object, language = 'en'): Promise<Told> {
    const { data, errors } = await this.mulin.ask<Record<string, object>>(
      actor,
      mutationOf(mutation),
      { input },
      { 'accept-language': language },
    );
    const result = data?.[mutation];
    if (!result) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    // mutationOf asks for these; where a type has none of them, the test fails at its first look.
    return plain(result) as Told;
  }

  /** The same, and it must have been carried out. */
  async must(actor: Actor, mutation: string, input: object): Promise<Told> {
    const told = await this.do(actor, mutation, input);
    if ('rule' in told) throw new Error(`${mutation}: ${JSON.stringify(told)}`);
    return told;
  }

  /** A fund of 2026 with two million yuan, as payments told it. */
  async fund(
    facts: { id?: string; street?: string; year?: number; fen?: string; open?: boolean } = {},
  ): Promise<string> {
    const id = facts.id ?? newId('fun');
    const { street = STREET, year = 2026, fen = '200000000', open = true } = facts;
    await this.mulin.database.query(
      `insert into known_fund (id, street, fiscal_year, is_open, appropriated_fen)
       values ($1, $2, $3, $4, $5)`,
      [id, street, year, open, fen],
    );
    return id;
  }

  outbox(aggregateId: string) {
    return this.mulin.database.query<{ type: string; aggregateversion: number; payload: unknown }>(
      'select type, aggregateversion, payload from mulin.outbox where aggregateid = $1 order by seq',
      [aggregateId],
    );
  }

  /** The organisation as the register told it; where it is known already, it stays as it is. */
  async known(id: string | null, facts: { verified?: boolean; restrictedUntil?: string } = {}) {
    await this.mulin.database.query(
      `insert into organisation (id, street, name, verified, restricted_until)
       values ($1, $2, '某社会组织（虚构）', $3, $4) on conflict do nothing`,
      [id, STREET, facts.verified ?? true, facts.restrictedUntil ?? null],
    );
  }

  /** A grade that holds on the days of these tests, as the register told it. */
  async graded(bidder: Actor, grade: number, to = '2029-12-31') {
    await this.mulin.database.query(
      `insert into known_grade (rating_id, organisation_id, street, grade, valid_from, valid_to)
       values ($1, $2, $3, $4, '2024-01-01', $5)`,
      [newId('rtg'), bidder.organisation, STREET, grade, to],
    );
  }

  /** A final evaluation of an earlier contract, as evaluations told it. */
  async evaluated(bidder: Actor, score: number, finalisedAt = '2025-06-30T10:00:00+08:00') {
    await this.mulin.database.query(
      `insert into known_evaluation (evaluation_id, organisation_id, street, score, finalised_at)
       values ($1, $2, $3, $4, $5)`,
      [newId('eva'), bidder.organisation, STREET, score, finalisedAt],
    );
  }

  /** One person who heads or holds these organisations. */
  async related(
    organisations: readonly (string | null)[],
    change: { kind?: string; to?: string } = {},
  ) {
    const who = newId('per');
    for (const organisation of organisations)
      await this.mulin.database.query(
        `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, '2020-01-01', $6)`,
        [newId('rel'), STREET, who, organisation, change.kind ?? 'head', change.to ?? null],
      );
  }

  /** The person as the register told it. */
  async registered(who: Actor): Promise<Actor> {
    await this.mulin.database.query('insert into known_person (id, street) values ($1, $2)', [
      ...[who.id, STREET],
    ]);
    return who;
  }

  /** Somebody who acts for an organisation that bids. */
  bidder = () => person(['organisationManager'], { organisation: newId('org') });
}
