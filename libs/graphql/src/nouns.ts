/** What a `NotFound` may name, as an official calls it (docs/glossary). What is not here is named as code names it. */
const CHINESE: Readonly<Record<string, string>> = {
  acceptance: '验收',
  account: '账号',
  appeal: '异议',
  appropriation: '拨款',
  award: '中标结果',
  badRecord: '不良记录',
  bid: '投标',
  budgetLine: '预算项目',
  challenge: '质疑',
  clarification: '澄清',
  committee: '评审委员会',
  contract: '合同',
  'dead letter': '未处理事件',
  decision: '支付决定',
  evaluation: '评估',
  expert: '专家',
  fulfilment: '履约记录',
  breach: '违约记录',
  fund: '资金',
  instalment: '分期款项',
  itemPrice: '目录价格',
  lot: '包件',
  ocdsImport: '数据导入',
  openingKey: '开标密钥',
  organisation: '组织',
  'payment order': '支付单',
  person: '人员',
  post: '任职',
  procurementPlan: '采购计划',
  qualificationReview: '资格审查',
  rating: '等级评估',
  rectification: '整改',
  relation: '关联关系',
  reversal: '冲正',
  serviceItem: '服务目录项目',
  singleSourceObjection: '单一来源异议',
  singleSourceProposal: '单一来源申请',
  tender: '采购项目',
};

/** A noun of the code in both languages: `paymentOrder` is a payment order in English too. */
export function noun(what: string): { zh: string; en: string } {
  const en = what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { zh: (Object.hasOwn(CHINESE, what) ? CHINESE[what] : undefined) ?? en, en };
}
