/** Command-line options of the development commands, without a library: they run before `npm ci`. */
import { parseArgs } from 'node:util';
import { Stop } from './log.mjs';

/** Reads options as node:util's parseArgs declares them; an unknown one is answered with the usage. */
export function readOptions(options, usage, args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    return values;
  } catch (error) {
    throw new Stop(`${error.message}\n${usage}`);
  }
}

/** A port from 0 (any free one) to 65535. */
export function portOption(text, name, otherwise) {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Stop(`--${name} must be a port from 0 (any free one) to 65535, not "${text}".`);
}

const UNITS = { d: 'days', h: 'hours', m: 'minutes', s: 'seconds', w: 'weeks' };

/**
 * `20d`, `-300d`, `36h`, `1d12h` → an interval that PostgreSQL reads. Days are whole days of 24 hours,
 * because Shanghai has no summer time.
 */
export function intervalOption(text, name) {
  const parts = /^(-?)((?:\d{1,6}[wdhms])+)$/.exec(text ?? '');
  if (!parts)
    throw new Stop(`--${name} takes a length of time such as 20d, 36h or 1d12h, not "${text}".`);
  const [, sign, lengths] = parts;
  return [...lengths.matchAll(/(\d+)([wdhms])/g)]
    .map(([, n, unit]) => `${sign}${n} ${UNITS[unit]}`)
    .join(' ');
}
