import type { Migration } from '@mulin/database';

/** How long a grade holds at the longest: law, and so a row. */
export const gradeRule: Migration = {
  name: '1763900000018-grade-rule',
  up: /* sql */ `
create table grade_rule (
  version int primary key check (version > 0),
  in_force_from date not null,
  most_years int not null check (most_years between 1 and 50),
  article text not null
);
insert into grade_rule values (1, '2011-03-01', 5, '民政部令第39号');
grant select on grade_rule to :app;
revoke insert, update on grade_rule from :app, :consumer;
create view grade_rule_in_force as select * from grade_rule
  where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date order by version desc limit 1;
grant select on grade_rule_in_force to :app;
revoke insert, update on grade_rule_in_force from :app, :consumer;

alter table rating drop constraint "a grade holds five years at the longest (民政部令第39号)",
  add constraint "a grade holds a day at least" check (valid_to >= valid_from);
create function grade_guard() returns trigger language plpgsql as $$
begin
  if exists (select from grade_rule_in_force
      where new.valid_to >= (new.valid_from + make_interval(years => most_years))::date) then
    raise exception 'the grade % holds too long', new.id
      using errcode = '23514', constraint = 'a grade holds as long as its rule allows';
  end if;
  return new;
end $$;
create trigger grade_guard before insert or update of valid_from, valid_to on rating
  for each row execute function grade_guard();
`,
};
