import { addMonths, civilDateInShanghai } from '@mulin/clock';
import type { ProcedureTerms } from '../procedure/procedure.js';
import type { FileProblem } from './file-problems.js';
import type { Tender } from './tender.entity.js';

type Scheduled = Pick<Tender, 'contractTerms' | 'deadline'>;

/** What is wrong with the term of the contract: when it begins, and how long it runs. Pure. */
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
