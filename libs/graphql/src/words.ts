import type { Text } from './refusal.js';

/**
 * The steps and states that a StateConflict may name, as an official reads them (glossary: one word, one
 * meaning). What is not here is printed as the code has it.
 */
const CHINESE: Readonly<Record<string, string>> = {
  // steps
  acceptResult: '确认结果',
  activate: '开始履行',
  appealEvaluation: '提出异议',
  approve: '批准',
  cancel: '取消',
  clarify: '澄清',
  close: '关闭',
  complete: '办结',
  confirm: '确认',
  decideAppeal: '答复异议',
  disable: '停用',
  end: '终止',
  file: '报送',
  finaliseEvaluation: '定案',
  list: '列入目录',
  notifyEvaluation: '告知结果',
  proposeTermination: '提议解除',
  requestFunds: '申请资金',
  revise: '修改条款',
  scoreEvaluation: '计分',
  publish: '发布',
  retire: '退出目录',
  revoke: '作废',
  sendBack: '退回',
  setRoles: '调整角色',
  submitSheet: '提交评分表',
  suspend: '暂停',
  terminate: '解除',
  verify: '核验',
  withdraw: '撤回',
  withdrawTermination: '撤回解除提议',
  // states
  active: '履行中',
  appealed: '异议处理中',
  approved: '已批准',
  awaitingFunds: '待拨资金',
  cancelled: '已取消',
  closed: '已关闭',
  collecting: '收集评分',
  completed: '已办结',
  confirmed: '已确认',
  disabled: '已停用',
  draft: '草拟',
  drafted: '草拟',
  ended: '已终止',
  failed: '废标',
  filed: '已报送',
  finalised: '已定案',
  funded: '资金已落实',
  lapsed: '逾期',
  lasting: '存续',
  listed: '在目录内',
  notified: '已告知',
  open: '开放',
  opened: '已开标',
  planned: '已安排',
  proposed: '已提议',
  published: '已发布',
  recorded: '已记录',
  registered: '已登记',
  retired: '已退出',
  revoked: '已作废',
  scored: '已计分',
  settled: '已支付',
  signed: '已签订',
  submitted: '已提交',
  suspended: '已暂停',
  terminated: '已解除',
  used: '已使用',
  verified: '已核验',
  withdrawn: '已撤回',
};

/** A code of a step or a state in both languages. */
export function worded(code: string): Text {
  // Some services keep their states in capitals.
  const plain = /^[A-Z_]+$/.test(code) ? code.toLowerCase() : code;
  const zh = Object.hasOwn(CHINESE, plain) ? CHINESE[plain] : undefined;
  return { zh: zh ? `“${zh}”` : code, en: code };
}
