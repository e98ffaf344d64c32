import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = (name: string): string =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const [english, chinese] = [page('README.md'), page('README.zh.md')];

/** Everything of that form in a page, once; but not the link to the other language. */
const all = (text: string, form: RegExp): string[] =>
  [...new Set(text.match(form))].filter((each) => !each.includes('README')).sort();

describe('the README says the same in both languages', () => {
  it.each([
    ['every command, file and name', /`[^`\n]+`/g],
    ['every link', /\]\([^)#]+\)/g],
    ['every figure', /\b\d[\d,]{3,}\b/g],
    ['every block to copy', /^```(sh|python)\n[^]*?^```$/gm],
  ])('%s', (_what, form) => {
    expect(all(english, form).length).toBeGreaterThan(1);
    expect(all(chinese, form)).toEqual(all(english, form));
  });
});
