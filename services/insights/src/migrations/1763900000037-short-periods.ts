import type { Migration } from '@mulin/database';

/** R003 compares with what leaves time to bid, not with what the law just allows. */
export const shortPeriods: Migration = {
  name: '1763900000037-short-periods',
  up: /* sql */ `
-- Version 2 had the days that a publication must give anyway, so nothing that was published here could ever be short.
-- Cardinal's fifteen days are a comparison, not a duty: a comparison below the threshold or a consultation with fewer may
-- well be lawful, and is a reason to look, never a finding. Of open tendering the law asks for more than fifteen: there the
-- twenty days stay, for what was published elsewhere or amended. A single source has nobody to wait for and is left out.
-- Where an office has entered its own version 3, its own stays.
insert into indicator (code, version, title_zh, title_en, params, in_force_from)
  select code, 3, title_zh, title_en,
    '{"openTendering": 20, "belowThreshold": 15, "competitiveConsultation": 15}', in_force_from
  from indicator where code = 'R003' and version = 2
  on conflict (code, version) do nothing;
`,
};
