import { addMonths, civilDateInShanghai } from '@mulin/clock';
import { evaluationProblems, sentenceOf } from '@mulin/payment-rule';
import type { ProcedureTerms } from '../procedure/procedure.js';
import type { ContractTerms } from './contract-terms.js';
import type { FileProblem } from './file-problems.js';
import type { Tender } from './tender.entity.js';

const STAGES = '财库〔2021〕22号 第二十三条';

type Scheduled = Pick<Tender, 'contractTerms' | 'deadline'>;

/** What is wrong with the term of the contract: when it begins, how long it runs, what of it is evaluated. Pure. */
export function termProblems(
  tender: Scheduled,
  { usualMonths, mostMonths, article }: ProcedureTerms['contract'],
): FileProblem[] {
  const { from, to, longTermBecause } = tender.contractTerms;
  const longerThan = (months: number) => to >= addMonths(from, months);
  const problems = scheduleProblems(tender);
  if (longerThan(mostMonths))
    problems.push({
      ...{ code: 'termTooLong', path: 'to', article },
      message: {
        zh: `合同履行期限不得超过 ${mostMonths} 个月`,
        en: `a contract runs for ${mostMonths} months at the most`,
      },
    });
  else if (longerThan(usualMonths) && !longTermBecause)
    problems.push({
      ...{ code: 'longTermUnexplained', path: 'longTermBecause', article },
      message: {
        zh: `合同履行期限一般不超过 ${usualMonths} 个月；更长的，须写明内容相对固定、连续性强、经费来源稳定、价格变化幅度小的理由`,
        en: `a contract usually runs for ${usualMonths} months; a longer one says why the service is steady and continuous, and its money and price too`,
      },
    });
  return [...problems, ...periodProblems(tender.contractTerms)];
}

/** An evaluation looks at days of the term, at each of them once, and something is left for it to decide. */
function periodProblems({ from, to, instalments }: ContractTerms): FileProblem[] {
  const problems = evaluationProblems(instalments).map((found): FileProblem => {
    const { code, path, article } = found;
    return { code, path, article, message: sentenceOf(found) };
  });
  const seen: { no: number; from: string; to: string }[] = [];
  for (const [at, { no, periodFrom, periodTo }] of instalments.entries()) {
    if (periodFrom === null || periodTo === null) continue;
    const place = { path: `instalments[${at}].periodFrom`, article: STAGES };
    const other = seen.find((each) => periodFrom <= each.to && each.from <= periodTo);
    if (periodTo < periodFrom || periodFrom < from || periodTo > to)
      problems.push({
        ...{ code: 'periodOutsideTerm', ...place },
        message: {
          zh: `第 ${no} 期考核期 ${periodFrom} 至 ${periodTo} 不在合同期限 ${from} 至 ${to} 之内`,
          en: `the period of instalment ${no}, ${periodFrom} to ${periodTo}, lies outside the term ${from} to ${to}`,
        },
      });
    else if (other)
      problems.push({
        ...{ code: 'periodsOverlap', ...place },
        message: {
          zh: `第 ${no} 期与第 ${other.no} 期的考核期重叠`,
          en: `the periods of instalments ${no} and ${other.no} overlap`,
        },
      });
    seen.push({ no, from: periodFrom, to: periodTo });
  }
  return problems;
}

/** What holds of a deadline whenever it is set, or moved later: the contract begins after it. */
export function scheduleProblems({
  contractTerms,
  deadline,
}: Pick<Tender, 'contractTerms' | 'deadline'>): FileProblem[] {
  if (contractTerms.from > civilDateInShanghai(deadline)) return [];
  return [
    {
      code: 'termBeforeDeadline',
      path: 'from',
      article: '政府采购法 第四十六条',
      message: {
        zh: '合同期限早于投标截止',
        en: 'the contract would begin before the bids are in',
      },
    },
  ];
}
