/** What a rule of tendering does not allow: a stable code, where, the article, and one sentence in two languages. */
export interface Problem {
  code: string;
  /** Where: `sheets[2].scores[0]`. */
  path: string;
  /** The article, as the law is cited. */
  article: string;
  text: { zh: string; en: string };
}
