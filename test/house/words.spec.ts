import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { worded } from '@mulin/graphql';

const root = new URL('../../', import.meta.url);
const sources = execFileSync('git', ['ls-files', 'services/*/src/*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && !path.includes('/migrations/') && !path.endsWith('.spec.ts'));

/** Where a service names the step that it refuses: the last word of a conflict, of a step, or of what leads to one. */
const NAMED = [
  /\bwanted(?::| =) '(\w+)'/g,
  /onflict\((?:[^()']|\([^()]*\))*'(\w+)'/g,
  /\b(?:step|change|cannot|ofTender|ofAward)\((?:[^()'=>]|\([^()]*\))*'(\w+)'/g,
];

function stepsIn(text: string): string[] {
  const found = NAMED.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, step]) => step ?? ''),
  );
  return [...new Set(found)];
}

describe('the steps that a refusal names', () => {
  it('are found wherever a service writes them', () => {
    expect(
      stepsIn(`tender.conflict(tender.version, 'award', State.AWARDED); new StateConflict({ wanted: 'list' });
        this.step(TenderState.FAILED, 'fail'); return this.ofTender(actor, input, 'chooseWinners', work);`),
    ).toEqual(['list', 'award', 'fail', 'chooseWinners']);
  });

  it('have a Chinese word each, as an official reads them', () => {
    const steps = sources.flatMap((path) => stepsIn(readFileSync(new URL(path, root), 'utf8')));
    expect(steps.length).toBeGreaterThan(70);
    const silent = [...new Set(steps)].filter((step) => worded(step).zh === step);
    expect(silent).toEqual([]);
  });
});
