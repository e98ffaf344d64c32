/**
 * The policies every business table has, as SQL for its migration. The app role sees rows of the
 * actor's street, and of those only its own organisation's unless the actor is street staff.
 * Consumers, checks and migrations have policies of their own: their batches span streets.
 *
 * @param visible how the app role's rows are chosen; the default expects columns `street` and
 * `organisation_id`
 */
export function rlsPolicies(
  table: string,
  visible = 'mulin.sees(street, organisation_id)',
): string {
  return /* sql */ `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy "an actor sees the rows of its street and organisation" on ${table} to :app
  using (${visible}) with check (${visible});
create policy "consumers and migrations span streets" on ${table} to :consumer, :migrate
  using (true) with check (true);
create policy "checks read everything" on ${table} for select to :checks using (true);
`;
}
