import { parseRule, type PaymentRule } from '@mulin/payment-rule';

/** Many contracts of a street share one rule, letter by letter: it is parsed once. */
const known = new Map<string, PaymentRule>();
const MOST = 1_000;

/** The rule of a term, from the text that the database holds. Throws if it is no rule: it was checked when it came. */
export function frozenRule(text: string): PaymentRule {
  const found = known.get(text);
  if (found) return found;
  const parsed = parseRule(JSON.parse(text));
  if (!parsed.ok) throw new Error(`A stored rule is none: ${JSON.stringify(parsed.problems)}`);
  if (known.size >= MOST) known.clear();
  const rule = frozenThrough(parsed.rule);
  known.set(text, rule);
  return rule;
}

/** Nobody can change it any more, in any of its parts. */
function frozenThrough<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozenThrough);
  return Object.freeze(value);
}
