import type { InputProblem } from './malformed.js';
import type { Text } from './refusal.js';

/** Each problem as a sentence for whoever filled in the form; code branches on the name, people read this. */
export const PROBLEM_WORDS: Readonly<Record<InputProblem, Text>> = {
  NOT_AN_ID: { zh: '不是有效的标识', en: 'this is no id of the kind that is wanted here' },
  NOT_AN_AMOUNT: {
    zh: '不是金额，须以分为单位填写整数，并写成文本，例如 "850000"',
    en: 'this is no amount of whole fen written as text, such as "850000"',
  },
  FRACTION_OF_A_FEN: {
    zh: '金额不能小于一分，须为整数分',
    en: 'an amount has no fractions of a fen',
  },
  NEGATIVE_AMOUNT: { zh: '金额不能为负数', en: 'an amount is not negative' },
  AMOUNT_TOO_LARGE: { zh: '金额超过上限', en: 'the amount is larger than any that is accepted' },
  NOT_A_DATE: {
    zh: '不是有效日期，须为“年-月-日”',
    en: 'this is no day of the calendar; write YYYY-MM-DD',
  },
  NOT_AN_INSTANT: {
    zh: '不是有效时间，须带时区，例如 2026-01-01T10:00:00+08:00',
    en: 'this is no moment with an offset, such as 2026-01-01T10:00:00+08:00',
  },
  OUT_OF_RANGE: { zh: '不在允许的范围内', en: 'this lies outside what is allowed' },
  EMPTY: { zh: '不能为空', en: 'this may not be empty' },
  TOO_LONG: { zh: '文字过长', en: 'this text is too long' },
  NOT_PLAIN_TEXT: { zh: '含有不能保存的字符', en: 'this holds characters that cannot be kept' },
  NOT_ONE_LINE: {
    zh: '只能填写一行文字，不含换行和制表符',
    en: 'this is one line: no line ends or tabs',
  },
  NOT_JSON: { zh: '不是所需的 JSON', en: 'this is not the JSON that is wanted here' },
  REPEATED: { zh: '与前面的内容重复', en: 'this was given before in the same list' },
  MISSING: { zh: '此处必须填写', en: 'this must be given here' },
  NOT_EXPECTED: { zh: '此处不应填写', en: 'this may not be given here' },
  UNKNOWN: { zh: '所指的内容不存在', en: 'what this names is not there' },
  IN_THE_FUTURE: { zh: '日期尚未到来', en: 'this day has not come yet' },
  IN_THE_PAST: { zh: '日期已经过去', en: 'this day is over' },
  ZERO: { zh: '金额不能为零', en: 'an amount of nothing is none' },
  WRONG_ORDER: { zh: '编号须从 1 起依次排列', en: 'the numbers must be 1, 2, 3 … in this order' },
};
