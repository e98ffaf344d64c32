import type { Text } from '@mulin/graphql';

/** What can be wrong with a row of a package, by its stable code: a sentence for whoever sends the package. */
export const ROW_PROBLEMS = {
  missing: { zh: '此处必须填写', en: 'this must be given here' },
  notADate: {
    zh: '不是有效时间，须带时区，例如 2019-03-01T00:00:00+08:00',
    en: 'this is no moment with an offset, such as 2019-03-01T00:00:00+08:00',
  },
  notANumber: { zh: '不是数字', en: 'this is no number' },
  notACode: {
    zh: '不在标准的封闭代码表内',
    en: 'the closed codelist of the standard does not hold this',
  },
  notAnObject: { zh: '须为 JSON 对象', en: 'this must be a JSON object' },
  notAList: { zh: '须为 JSON 数组', en: 'this must be a JSON list' },
  notAnOcid: {
    zh: '不是 ocid，须以“ocds-”和六位发布者前缀开头',
    en: 'this is no ocid: ocds- and the six characters of a publisher come first',
  },
  otherOcid: {
    zh: '与所在记录的 ocid 不一致',
    en: 'this is not the ocid of the record it stands in',
  },
  notText: {
    zh: '含有不能保存的字符（空字符或半个代理对）',
    en: 'this holds a character that no text holds (a null, or half of a pair)',
  },
  tooLong: { zh: '文字过长', en: 'this text is too long' },
  tooDeep: { zh: '嵌套过深', en: 'this is nested too deep' },
  notAVersion: { zh: '只能导入 OCDS 1.1 的数据包', en: 'only packages of OCDS 1.1 are taken in' },
  linked: {
    zh: '此处只给出发布地址，须包含发布内容本身',
    en: 'this names a release by its address; the release itself must be here',
  },
  repeated: { zh: '同一发布在数据包中出现两次', en: 'this release stands in the package twice' },
  known: { zh: '该发布以前已导入', en: 'this release was taken in before' },
  ours: {
    zh: '该 ocid 属于本平台，不能作为外来历史导入',
    en: 'this ocid is of this platform; it is no history from elsewhere',
  },
  notJson: { zh: '不是 JSON 对象', en: 'this is no JSON object' },
  empty: { zh: '数据包中没有发布', en: 'the package holds no release' },
} as const satisfies Record<string, Text>;

export type RowProblemCode = keyof typeof ROW_PROBLEMS;

/** One thing that is wrong with a package, and where. */
export interface RowProblem {
  /** JSON path: releases[3].contracts[0].awardID */
  path: string;
  code: RowProblemCode;
}
