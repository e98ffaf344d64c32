import type { Migration } from '@mulin/database';

const NOBODY = "current_setting('app.actor', true) = ''";
const onlyPublished = (table: string, published: string) =>
  `create policy "what was published is public" on ${table} for select to :app
  using (${NOBODY} and ${published});`;

/** What the law has published, everyone reads without signing in: the minutes, who judged, and how complaints ended. */
export const publicResult: Migration = {
  name: '1763900000025-public-result',
  up: /* sql */ `
-- 实施条例 第四十三条: the experts' names with the result; of who declined or was unseated nothing.
${onlyPublished('committee', 'announced_at is not null')}
${onlyPublished('committee_member', "state = 'confirmed' and is_announced(committee_id)")}
${onlyPublished('committee_draw', 'is_announced(committee_id)')}
-- 电子招标投标办法 第三十二条: the minutes of an opening are public; there are none before it.
${onlyPublished('opening_record', 'true')}
-- 94号令 第三十四条: decisions on complaints are published.
${onlyPublished('challenge', "kind = 'complaint' and state = 'answered'")}

-- 87号令 第四十一条: at the opening of the prices the names and prices of all bids are read out. Of the papers nothing; and
-- nothing at all where prices are a secret between the buyer and each supplier (财库〔2014〕214号 第二十条).
create function read_out(openings text[])
  returns table (opening_id text, bid_id text, organisation_id text, result text, code text, price_fen bigint)
  language sql stable security definer set search_path = public, pg_temp as $$
  select line.opening_id, line.bid_id, line.organisation_id, line.result, line.code, bid.price_fen
  from opened_bid line
    join opening_record minutes on minutes.id = line.opening_id
    join tender on tender.id = minutes.tender_id
    join bid on bid.id = line.bid_id
  where line.opening_id = any (openings) and minutes.envelope = 'price'
    and tender.method in ('openTendering', 'belowThreshold')
    and (${NOBODY} or mulin.sees_street(tender.street))
$$;
revoke execute on function read_out(text[]) from public;
grant execute on function read_out(text[]) to :app;
`,
};
