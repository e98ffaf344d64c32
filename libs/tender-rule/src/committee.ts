import type { Problem } from './problem.js';

/** What a procedure asks of its committee, with its article. */
export interface CommitteeRule {
  least: number;
  odd: boolean;
  /** Experts are at least this part of the members: [2, 3]. */
  experts: readonly [number, number];
  /** From this budget on, or where it is complex or of great social impact, at least `largerLeast`. */
  largerFromFen: bigint | null;
  largerLeast: number;
  article: string;
}

export interface Member {
  id: string;
  role: 'expert' | 'buyer';
  leader: boolean;
}

/** 87号令 第四十七条. */
export const OPEN_COMMITTEE: CommitteeRule = Object.freeze({
  least: 5,
  odd: true,
  experts: [2, 3] as const,
  largerFromFen: 1_000_000_000n,
  largerLeast: 7,
  article: '87号令 第四十七条',
});

/** 财库〔2014〕214号 第十四条: three or more, odd, experts two thirds. */
export const CONSULTATION_COMMITTEE: CommitteeRule = Object.freeze({
  least: 3,
  odd: true,
  experts: [2, 3] as const,
  largerFromFen: null,
  largerLeast: 3,
  article: '财库〔2014〕214号 第十四条',
});

/** Everything that is wrong with the members of a committee; empty: it may sit. */
export function committeeProblems(facts: {
  members: readonly Member[];
  budgetFen: bigint;
  rule: CommitteeRule;
}): Problem[] {
  const { members, budgetFen, rule } = facts;
  const { article } = rule;
  const problems: Problem[] = [];
  const larger = rule.largerFromFen !== null && budgetFen >= rule.largerFromFen;
  const least = larger ? rule.largerLeast : rule.least;
  if (members.length < least)
    problems.push({
      ...{ code: 'tooFewMembers', path: 'members', article },
      text: {
        zh: `评审成员 ${members.length} 人，不得少于 ${least} 人`,
        en: `${members.length} members; at least ${least} are needed`,
      },
    });
  if (rule.odd && members.length % 2 === 0)
    problems.push({
      ...{ code: 'evenMembers', path: 'members', article },
      text: { zh: '评审成员人数应为单数', en: 'the number of members must be odd' },
    });
  const experts = members.filter(({ role }) => role === 'expert').length;
  const [part, whole] = rule.experts;
  if (experts * whole < members.length * part)
    problems.push({
      ...{ code: 'tooFewExperts', path: 'members', article },
      text: {
        zh: `评审专家 ${experts} 人，不得少于成员总数的三分之二`,
        en: `${experts} experts of ${members.length}; two thirds are needed`,
      },
    });
  const leaders = members.filter(({ leader }) => leader);
  if (leaders.length !== 1)
    problems.push({
      ...{ code: 'oneLeader', path: 'members', article: '87号令 第四十五条' },
      text: { zh: '评审组长应为一人', en: 'there is one leader' },
    });
  if (leaders.some(({ role }) => role === 'buyer'))
    problems.push({
      ...{ code: 'buyerLeads', path: 'members', article: '87号令 第四十五条' },
      text: { zh: '采购人代表不得担任评审组长', en: 'the buyer’s representative may not lead' },
    });
  if (new Set(members.map(({ id }) => id)).size !== members.length)
    problems.push({
      ...{ code: 'memberRepeated', path: 'members', article },
      text: { zh: '评审成员重复', en: 'somebody is a member twice' },
    });
  return problems;
}
