/** Second chapter: what happened in a period, and what its evaluation came to. */
import { newId } from '@mulin/ids';
import { until } from './client.mjs';
import { change, decisionsOf, evaluationNow, sums, WHO } from './common.mjs';

/** What happened in the period: the volunteers are there, and the hotline came late so many times. */
export async function report({ as, clock, contract, instalment, day }) {
  await clock(instalment.plan.toDaysAgo);
  const occurredAt = `${day(instalment.plan.toDaysAgo + 1)}T10:00:00+08:00`;
  const facts = { contractId: contract.id, occurredAt, evidence: '档案 2026-01（虚构）' };
  if (!contract.hasTeam) {
    const fulfilment = await as(WHO.officer).do(
      'recordFulfilment',
      'Fulfilment',
      { ...facts, id: newId('ful'), obligation: 'volunteer-team', status: 'FULFILLED' },
      'id version',
    );
    await as(WHO.secondOfficer).do('confirmFulfilment', 'Fulfilment', change(fulfilment));
    contract.hasTeam = true;
  }
  for (let count = 0; count < instalment.plan.breaches; count += 1) {
    const breach = await as(WHO.officer).do(
      'recordBreach',
      'Breach',
      { ...facts, id: newId('brc'), obligation: 'hotline-response' },
      'id version',
    );
    await as(WHO.secondOfficer).do('confirmBreach', 'Breach', change(breach));
  }
}

export async function evaluate({ as, facts, contract, instalment, tell, day }) {
  const { plan } = instalment;
  const id = newId('eva');
  const sources = facts.indicators.map(({ source }) => ({ source }));
  const input = { id, instalmentId: instalment.id, indicators: facts.indicators, sources };
  await until('the evaluation to be planned', () =>
    as(WHO.evaluator)
      .do('planEvaluation', 'Evaluation', input)
      .catch((error) => {
        // The signed contract travels as an event, too.
        if (/NOT_FOUND/.test(error.message)) return null;
        throw error;
      }),
  );
  const sheets = [
    { account: WHO.officer, source: 'RESIDENTS', sampleSize: 120 },
    { account: WHO.evaluator, source: 'THIRD_PARTY' },
  ];
  for (const [index, { account, ...sheet }] of sheets.entries()) {
    await as(account).do('submitSheet', 'Sheet', {
      id: newId('sht'),
      evaluationId: id,
      ...sheet,
      reason: '虚构的评分',
      scores: [
        {
          indicator: facts.indicators[index].code,
          num: plan.scores[index],
          den: 100,
          reason: '虚构',
        },
      ],
    });
  }
  const step = async (account, mutation) => {
    const now = await evaluationNow({ as, id });
    await as(account).do(mutation, 'Evaluation', change(now));
  };
  await step(WHO.evaluator, 'scoreEvaluation');
  await until('the breaches to arrive', async () => {
    const now = await evaluationNow({ as, id });
    return (
      (now.breaches ?? []).length >= plan.breaches &&
      (now.gates ?? []).every((gate) => gate.fulfilled)
    );
  });
  await step(WHO.evaluator, 'notifyEvaluation');
  await step(contract.plan.provider, 'acceptResult');
  await step(WHO.approver, 'finaliseEvaluation');
  const decision = await until('the decision', async () =>
    (await decisionsOf({ as, instalment })).at(-1),
  );
  const { evaluation } = decision.instalment;
  tell(
    `${day(plan.toDaysAgo - 2)}  ${contract.plan.title}, instalment ${instalment.no}: ` +
      `${(evaluation.score / 100).toFixed(2)} ${evaluation.grade}; ${sums(decision)}`,
  );
}
