import { describe, expect, it } from '@jest/globals';
import { eventually, uniqueName } from './index.js';

describe('eventually', () => {
  it('answers as soon as the probe no longer fails', async () => {
    let tries = 0;
    const answer = await eventually(
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return 'posted';
      },
      { everyMs: 1 },
    );
    expect([answer, tries]).toEqual(['posted', 3]);
  });

  it('waits while the probe answers false, and accepts nothing and zero as answers', async () => {
    const answers: unknown[] = [false, false, 0];
    expect(await eventually(() => answers.shift(), { everyMs: 1 })).toBe(0);
    expect(await eventually(() => undefined)).toBeUndefined();
  });

  it('says at the deadline what was still missing', async () => {
    const never = eventually(() => expect(1).toBe(2), { withinMs: 30, everyMs: 5 });
    await expect(never).rejects.toThrow(/Expected: .*2/);
  });
});

describe('a unique name', () => {
  it('is never the same twice, and fits a database and a topic', () => {
    const names = Array.from({ length: 1000 }, () =>
      uniqueName('Payments & a very long story here'),
    );
    expect(new Set(names).size).toBe(1000);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_]{1,40}$/);
  });
});
