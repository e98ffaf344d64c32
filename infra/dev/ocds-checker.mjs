/** The step `checker` of `npm test`: the OCDS reference checker is there before a test asks for it. */
import { checkerState, installChecker } from './lib/ocds-checker.mjs';
import { fail, say } from './lib/log.mjs';

const SAID = {
  absent: 'The OCDS schema is not at hand (../shared/data): packages are not checked against it.',
  ready: 'The OCDS reference checker is installed.',
};

async function main() {
  const state = checkerState();
  if (state === 'needed') await installChecker();
  say(SAID[state] ?? SAID.ready);
}

main().catch(fail);
