import { describe, expect, it } from '@jest/globals';
import { hashPassword, isWeak, verifyPassword } from './password.js';

describe('a password', () => {
  it('opens its own hash and no other word does', async () => {
    const stored = await hashPassword('correct horse battery');
    expect(await verifyPassword('correct horse battery', stored)).toBe(true);
    expect(await verifyPassword('correct horse batterz', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
  });

  it('has a salt of its own: two people with the same password have different hashes', async () => {
    const [one, other] = await Promise.all([
      hashPassword('睦邻睦邻睦邻睦邻'),
      hashPassword('睦邻睦邻睦邻睦邻'),
    ]);
    expect(one).not.toBe(other);
    expect(one).not.toContain('睦邻');
  });

  it('is the same typed full-width or half-width', async () => {
    expect(await verifyPassword('ｍｕｌｉｎ-2026-abc', await hashPassword('mulin-2026-abc'))).toBe(
      true,
    );
  });

  it('never opens an account that does not exist', async () => {
    expect(await verifyPassword('anything at all', null)).toBe(false);
  });

  it('is weak when short, endless or made of the login', () => {
    expect(isWeak('elevenchars', 'officer')).toBe(true);
    expect(isWeak('twelve chars', 'officer')).toBe(false);
    expect(isWeak('x'.repeat(201), 'officer')).toBe(true);
    expect(isWeak('Officer-2026!', 'officer')).toBe(true);
  });
});
