import { ZONE } from './civil-date.js';

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  ...{ year: 'numeric', month: 'long', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
});
const MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, month: 'numeric' });

/**
 * An instant as people in the street read it, whoever is asked: the clock on their wall. Seconds and milliseconds are said
 * only where there are any, because a bid may be late by one.
 */
export function localTime(at: Date): { zh: string; en: string } {
  const parts = new Map(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const ms = at.getUTCMilliseconds();
  const fraction = ms > 0 ? `.${String(ms).padStart(3, '0')}` : '';
  const seconds = part('second') === '00' && fraction === '' ? '' : `:${part('second')}${fraction}`;
  const time = `${part('hour')}:${part('minute')}${seconds}`;
  return {
    zh: `${part('year')}年${MONTH.format(at)}月${part('day')}日${time}`,
    en: `${part('day')} ${part('month')} ${part('year')}, ${time} (Beijing time)`,
  };
}
