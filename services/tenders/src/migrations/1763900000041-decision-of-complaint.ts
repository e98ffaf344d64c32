import type { Migration } from '@mulin/database';

/**
 * The finance department decides on a complaint that it has (政府采购法 第五十六条): its decision is not older than the
 * complaint. What was recorded before this rule stays as it is.
 */
export const decisionOfComplaint: Migration = {
  name: '1763900000041-decision-of-complaint',
  up: /* sql */ `
create function complaint_decision_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.decision_date is not distinct from old.decision_date then return new; end if;
  if new.decision_date < (new.filed_at at time zone 'Asia/Shanghai')::date then
    raise exception 'the decision on % is older than the complaint', new.id
      using errcode = '23514', constraint = 'a decision is not older than the complaint it answers';
  end if;
  return new;
end $$;
create trigger complaint_decision_guard before insert or update on challenge
  for each row when (new.decision_date is not null) execute function complaint_decision_guard();
`,
};
