/** First chapter: organisations, a fund, and contracts whose money is reserved before anyone signs. */
import { newId } from '@mulin/ids';
import { until } from './client.mjs';
import { change, contractNow, fiscalYear, WHO } from './common.mjs';

export async function register({ as, facts }) {
  for (const { id, name, type, creditCode } of facts.organisations) {
    const registered = await as(WHO.officer).do(
      'registerOrganisation',
      'Organisation',
      { id, type, name, creditCode },
      'id version state',
    );
    if (registered.state === 'VERIFIED') continue;
    await as(WHO.approver).do('verifyOrganisation', 'Organisation', change(registered));
  }
}

/** The people of the demo accounts, and the posts of those who lead an organisation of the story. */
export async function registerPeople({ as, facts, accounts, since }) {
  const officer = as(WHO.officer);
  await Promise.all(
    accounts.map(({ personId: id, name }) =>
      officer.do('registerPerson', 'Person', { id, name: name.zh }),
    ),
  );
  const known = new Set(facts.organisations.map(({ id }) => id));
  const leads = ({ roles, organisation }) =>
    roles.includes('organisationManager') && known.has(organisation);
  for (const { personId, organisation: organisationId } of accounts.filter(leads)) {
    const post = { id: newId('pos'), personId, organisationId, role: 'HEAD', from: since };
    const { relation } = await officer.do('recordPost', 'Post', post, 'relation { id version }');
    await as(WHO.approver).do('confirmRelation', 'Relation', change(relation));
  }
}

/** One fund per fiscal year that an instalment falls into, with the money of that year in it. */
export async function openFunds({ as, facts, day }) {
  const needed = new Map();
  for (const contract of facts.contracts) {
    for (const instalment of contract.instalments) {
      const year = fiscalYear(contract, instalment, day);
      needed.set(year, (needed.get(year) ?? 0n) + BigInt(instalment.amount));
    }
  }
  const funds = new Map();
  for (const [year, amount] of needed) {
    const id = newId('fun');
    await as(WHO.officer).do('openFund', 'Fund', {
      id,
      fiscalYear: year,
      title: `睦邻中心公益服务 ${year}`,
    });
    const appropriation = await as(WHO.officer).do(
      'appropriate',
      'Appropriation',
      {
        id: newId('apr'),
        fundId: id,
        amount: String(amount),
        document: `延街财〔${year}〕1 号（虚构）`,
      },
      'id version',
    );
    await as(WHO.approver).do('approveAppropriation', 'Appropriation', change(appropriation));
    funds.set(year, id);
  }
  return funds;
}

export async function draft({ as, facts, plan, funds, day }) {
  const organisation = facts.organisations.find(({ name }) => name === plan.organisation);
  const instalments = plan.instalments.map((instalment, index) => ({
    id: newId('ins'),
    no: index + 1,
    kind: instalment.kind,
    amount: instalment.amount,
    fundId: funds.get(fiscalYear(plan, instalment, day)),
    ...(instalment.kind === 'EVALUATED'
      ? { periodFrom: day(instalment.fromDaysAgo), periodTo: day(instalment.toDaysAgo) }
      : {}),
  }));
  const id = newId('con');
  const input = {
    id,
    organisationId: organisation.id,
    title: plan.title,
    amount: String(plan.instalments.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
    from: day(plan.fromDaysAgo),
    to: day(Math.min(...plan.instalments.map(({ toDaysAgo }) => toDaysAgo ?? Infinity))),
    rule: { ...facts.rule, retention: plan.retention },
    obligations: facts.obligations,
    instalments,
  };
  // The register's news of a verified organisation travels as an event.
  await until('the contract’s draft', () =>
    as(WHO.officer)
      .do('draftContract', 'Contract', input)
      .catch((error) => {
        if (/OrganisationNotVerified/.test(error.message)) return null;
        throw error;
      }),
  );
  return {
    id,
    plan,
    instalments: instalments.map((each, index) => ({ ...each, plan: plan.instalments[index] })),
  };
}

export async function reserveAndSign({ as, contract, tell }) {
  const { id, plan } = contract;
  const drafted = await contractNow({ as, id });
  await as(WHO.officer).do('requestFunds', 'Contract', change(drafted));
  const funded = await until('the money to be reserved', async () => {
    const now = await contractNow({ as, id });
    return now.state === 'FUNDED' && now;
  });
  tell(`${plan.title}: the money is reserved, both sides sign`);
  const sign = async (account, side) => {
    const { version } = await contractNow({ as, id });
    await as(account).do('signContract', 'Contract', {
      ...change({ id, version }),
      side,
      textHash: funded.textHash,
    });
  };
  await sign(WHO.approver, 'BUYER');
  await sign(plan.provider, 'PROVIDER');
}

/** By itself on its first day, or by hand if the officer is quicker than the clock. */
export async function activate({ as, contract }) {
  await until('the contract to become active', async () => {
    const now = await contractNow({ as, id: contract.id });
    if (now.state === 'ACTIVE') return true;
    await as(WHO.officer)
      .do('activateContract', 'Contract', change(now))
      .catch(() => null);
    return false;
  });
}
