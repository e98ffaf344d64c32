import type { Actor } from '@mulin/auth';
import type DataLoader from 'dataloader';

export type Language = 'zh' | 'en';

/** What every resolver of a subgraph gets as its context; made anew for each request. */
export interface GraphqlContext {
  /** Who is asking, as the gateway signed it; null is anonymous. */
  actor: Actor | null;
  /** Language of messages: from Accept-Language, Chinese unless English is asked for first. */
  language: Language;
  /** One DataLoader per name and request. */
  loaders: Map<string, DataLoader<never, unknown>>;
  requestId: string;
  /** As the request names its trace; checked before it is written anywhere. */
  traceparent?: string | string[] | undefined;
}

/** `en` when English is the first of the two that the header names, else `zh`. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const first = acceptLanguage
    ?.split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((code) => code === 'zh' || code === 'en');
  return first === 'en' ? 'en' : 'zh';
}
