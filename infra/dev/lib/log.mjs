/** What the development commands say: one line a step, with its time, in plain English. */
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const green = (text) => paint(32, text);
export const red = (text) => paint(31, text);
export const dim = (text) => paint(2, text);

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs one step and prints how it ended and how long it took. The step may answer a line of detail. */
export async function step(title, work, from = Date.now()) {
  try {
    const result = await work();
    const detail = typeof result === 'string' ? result : (result?.detail ?? '');
    say(
      `  ${green('✓')} ${title.padEnd(22)} ${detail.padEnd(46)} ${dim(seconds(Date.now() - from))}`,
    );
    return result;
  } catch (error) {
    say(`  ${red('✗')} ${title.padEnd(22)} ${dim(seconds(Date.now() - from))}`);
    throw error;
  }
}

/** An error whose message is the whole story: no stack is printed for it. */
export class Stop extends Error {}

/** Ends a command: one clear line for what a person can mend, the stack for what only we can. */
export function fail(error) {
  process.stderr.write(
    `${red('✗')} ${error instanceof Stop ? error.message : (error?.stack ?? error)}\n`,
  );
  process.exit(1);
}
