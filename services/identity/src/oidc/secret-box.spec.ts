import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.js';

const box = new SecretBox('one secret of thirty-two characters');

describe('what lies sealed in the database', () => {
  it('opens for the same secret and purpose', () => {
    const sealed = box.seal('睦邻', 'Session 1');
    expect(sealed).not.toContain('睦');
    expect(box.open(sealed, 'Session 1')).toBe('睦邻');
  });

  it('does not open for another secret, nor as another row', () => {
    const sealed = box.seal('text', 'Session 1');
    expect(
      new SecretBox('another secret of thirty-two chars').open(sealed, 'Session 1'),
    ).toBeNull();
    expect(box.open(sealed, 'Session 2')).toBeNull();
  });

  it('does not open when a bit was changed, or when it is no sealed text at all', () => {
    const bytes = Buffer.from(box.seal('text', 'Session 1'), 'base64url');
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    expect(box.open(bytes.toString('base64url'), 'Session 1')).toBeNull();
    expect(box.open('', 'Session 1')).toBeNull();
  });

  it('looks different each time, while an id always hashes to the same', () => {
    expect(box.seal('text', 'a')).not.toBe(box.seal('text', 'a'));
    expect(box.hash('id')).toBe(box.hash('id'));
    expect(box.hash('id')).not.toBe(new SecretBox('another secret').hash('id'));
  });
});
