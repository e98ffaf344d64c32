import { ContractSigned, type ContractSignedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import { fen, sumFen } from '@mulin/money';
import { parseRule, validateRule } from '@mulin/payment-rule';
import { type Matter, readMatters } from '../decision/matter.js';
import { carryOut, decideMatter, metAgain, type Verdict, waitsFor } from '../decision/verdict.js';
import { insertAll } from '../insert-all.js';
import { type Reserved, reservedInstalments } from '../commitment/reserved-instalments.js';

type Signed = ReceivedEvent<ContractSignedPayload>;

/** Both sides signed: from here on these terms hold, and the advances are due. */
@EventsController()
export class ContractSignedHandler {
  @OnEvent(ContractSigned)
  async handle(events: Signed[], { tx }: HandlerContext): Promise<Outcome> {
    const instalmentIds = events.flatMap(({ payload }) => payload.instalments.map(({ id }) => id));
    const reserved = await reservedInstalments(tx, instalmentIds);
    const judged = events.map((event) => ({
      event,
      obstacle: obstacleTo(event.payload, reserved),
    }));
    const sound = judged.flatMap(({ event, obstacle }) => (obstacle ? [] : [event]));

    await insertAll(tx, 'term', sound.map(termRow), { onConflict: 'on conflict do nothing' });
    await insertAll(tx, 'instalment', sound.flatMap(instalmentRows), {
      onConflict: 'on conflict do nothing',
    });

    const advances = sound.flatMap((event) => advancesOf(event).map(({ id }) => ({ event, id })));
    const matters = await readMatters(
      tx,
      'advance',
      advances.map(({ event: { payload }, id }) => ({
        contractId: payload.contractId,
        instalmentId: id,
        causeId: payload.contractId,
      })),
    );
    const outcome = await carryOut(tx, [
      ...judged.flatMap(({ event, obstacle }) => (obstacle ? [{ event, verdict: obstacle }] : [])),
      ...matters.flatMap((matter) => {
        const event = advances[matter.question]?.event;
        return event ? [{ event, verdict: judgeAdvance(event, matter) }] : [];
      }),
    ]);
    const wake = sound.flatMap(({ payload: { contractId, ruleVersion } }) => [
      waitsFor.term(contractId),
      waitsFor.rule(contractId, ruleVersion),
    ]);
    return { ...outcome, wake: [...outcome.wake, ...wake] };
  }
}

/** Why these terms cannot be taken over (yet); undefined when they can. Pure. */
export function obstacleTo(
  payload: ContractSignedPayload,
  reserved: ReadonlyMap<string, Reserved>,
): Verdict | undefined {
  const parsed = parseRule(payload.rule);
  if (!parsed.ok)
    return { refuse: 'ruleInvalid', detail: { code: parsed.problems[0]?.code ?? '' } };
  const instalments = payload.instalments.map((each) => ({
    ...each,
    amountFen: fen(each.amountFen),
  }));
  const problems = validateRule({
    rule: parsed.rule,
    obligations: payload.obligations.map(({ code }) => code),
    instalments,
  });
  const [first] = problems;
  if (first) return { refuse: 'ruleInvalid', detail: { code: first.code, path: first.path } };
  if (parsed.rule.version !== payload.ruleVersion) {
    return { refuse: 'ruleVersionDiffers', detail: { version: parsed.rule.version } };
  }
  const sum = sumFen(instalments.map(({ amountFen }) => amountFen));
  if (sum !== fen(payload.amountFen)) {
    return { refuse: 'instalmentsDoNotSum', detail: { sumFen: sum.toString() } };
  }
  for (const { id, kind, amountFen, fundId } of instalments) {
    const line = reserved.get(id);
    if (!line && kind === 'advance') {
      const because = 'no money is reserved for its advance yet';
      return { waitFor: waitsFor.reservation(id), because };
    }
    const differs =
      line &&
      (line.amountFen !== amountFen ||
        line.fundId !== fundId ||
        line.contractId !== payload.contractId);
    if (differs) return { refuse: 'notAsReserved', detail: { instalmentId: id } };
  }
  return undefined;
}

function advancesOf({ payload }: Signed) {
  return payload.instalments.filter(({ kind }) => kind === 'advance');
}

function judgeAdvance({ id, payload }: Signed, matter: Matter): Verdict {
  const { no, kind, amountFen } = matter.instalment;
  const inputs = {
    kind: 'advance' as const,
    ruleVersion: matter.rule.version,
    instalment: { no, kind, amountFen },
  };
  if (matter.already) return metAgain(matter.already, inputs);
  return decideMatter({ matter, causeId: payload.contractId, causationId: id, inputs });
}

function termRow({ street, payload }: Signed) {
  return {
    contract_id: payload.contractId,
    street,
    organisation_id: payload.organisationId,
    title: payload.title,
    amount_fen: payload.amountFen,
    rule: payload.rule,
    rule_version: payload.ruleVersion,
    signed_at: payload.signedAt,
  };
}

function instalmentRows({ street, payload }: Signed) {
  return payload.instalments.map(({ id, no, kind, amountFen, fundId, periodTo }) => ({
    id,
    street,
    organisation_id: payload.organisationId,
    contract_id: payload.contractId,
    no,
    kind,
    amount_fen: amountFen,
    fund_id: fundId,
    period_to: periodTo ?? null,
  }));
}
