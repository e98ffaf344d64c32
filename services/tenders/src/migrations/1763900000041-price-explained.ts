import type { Migration } from '@mulin/database';

/**
 * A bidder that was asked to explain a very low price and wrote nothing has an invalid bid (87号令 第六十条): no member can
 * accept such a price, and no majority. What was judged before this rule stays as it is.
 */
export const priceExplained: Migration = {
  name: '1763900000041-price-explained',
  up: /* sql */ `
alter table price_explanation
  add constraint "only an explained price is accepted" check (accepted is distinct from true or text is not null) not valid;
create function explained_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from price_explanation where bid_id = new.bid_id and text is not null) then
    raise exception 'nothing explains the price of %', new.bid_id
      using errcode = '23514', constraint = 'only an explained price is accepted';
  end if;
  return new;
end $$;
create trigger explained_guard before insert on price_judgement
  for each row when (new.accepted) execute function explained_guard();
`,
};
