/**
 * What the gateway says when it answers a request itself, by HTTP status: in both languages, because it may
 * not have come so far as to know which one is wanted, and with what to do about it.
 */
const WORDS = {
  400: {
    zh: '请求无法受理，请检查查询语句与变量后再试。',
    en: 'The request cannot be read; check the operation and its variables, then try again.',
  },
  401: {
    zh: '登录已失效或访问令牌无效，请重新登录。',
    en: 'The access token is not valid, or no longer; sign in again.',
  },
  404: {
    zh: '没有此地址，查询请发往 /graphql。',
    en: 'There is nothing at this address; send operations to /graphql.',
  },
  405: {
    zh: '只接受 POST 请求，请改用 POST。',
    en: 'Only POST is answered here; send the operation as POST.',
  },
  408: {
    zh: '请求传送过慢，请稍后再试。',
    en: 'The request took too long to arrive; try again.',
  },
  413: {
    zh: '请求内容过大，请拆分后分次提交。',
    en: 'The request is too large; send it in parts.',
  },
  415: {
    zh: '请求格式不受支持，请使用 application/json。',
    en: 'This kind of content is not read here; send application/json.',
  },
  429: {
    zh: '操作过于频繁，请按 Retry-After 所示秒数后再试。',
    en: 'Too many operations; try again after the seconds that Retry-After names.',
  },
  503: {
    zh: '该部分暂时不可用，请稍后再试。',
    en: 'This part is not available right now; try again in a moment.',
  },
} as const;

export type WordedStatus = keyof typeof WORDS;

export const isWorded = (status: number): status is WordedStatus => Object.hasOwn(WORDS, status);

/** The message for a status, in both languages. */
export const wordsOf = (status: WordedStatus): string => bothOf(WORDS[status]);

/** A message of its own, where a status has several causes. */
export const bothOf = ({ zh, en }: { zh: string; en: string }): string => `${zh} ${en}`;
