import type { Text } from '@mulin/graphql';
import type { Challenge } from './challenge.entity.js';
import { ChallengeKind } from './challenge.states.js';

/** What a notice of the finance department would need to hold the tender. Pure. */
export function whyNotHeld({
  kind,
  frozenUntil,
  noticeNo,
}: Pick<Challenge, 'kind' | 'frozenUntil' | 'noticeNo'>): Text {
  if (kind !== ChallengeKind.COMPLAINT)
    return {
      zh: '财政部门的暂停通知只用于投诉。',
      en: 'Only a complaint is held by a notice of the finance department.',
    };
  if (frozenUntil !== null)
    return {
      zh: `该投诉已凭暂停通知（${noticeNo ?? ''}）暂停过一次，最长三十日，不能再次暂停。`,
      en: `The notice ${noticeNo ?? ''} has held it once, which is for thirty days at most; it is not held again.`,
    };
  return {
    zh: '投诉受理后、处理决定作出前，方可凭通知暂停。',
    en: 'A complaint is held after it was taken in and before it is decided.',
  };
}
