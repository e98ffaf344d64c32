import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('taking turns at the door', () => {
  it('leaves places for others, however many come from one address at once', async () => {
    const turns = new Turns({ atOnce: 4, each: 2, waitingEach: 3 });
    const flood = Array.from({ length: 16 }, () => turns.take('flood'));
    expect(await turns.take('clerk')).toBeInstanceOf(Function);
    expect(await turns.take('cashier')).toBeInstanceOf(Function);
    // Two work, three wait, eleven are sent away.
    expect(await Promise.all(flood.slice(5))).toEqual(Array.from({ length: 11 }, () => null));
  });

  it('lets the address with the fewest come first when a place is given back', async () => {
    const turns = new Turns({ atOnce: 3, each: 2, waitingEach: 10 });
    const came: string[] = [];
    const take = async (from: string) => {
      const back = await turns.take(from);
      came.push(from);
      return back;
    };
    const [first] = await Promise.all([take('flood'), take('flood'), take('clerk')]);
    void take('flood');
    void take('cashier');
    first?.();
    await Promise.resolve().then(() => undefined);
    expect(came).toEqual(['flood', 'flood', 'clerk', 'cashier']);
  });

  it('forgets an address that has left', async () => {
    const turns = new Turns({ atOnce: 1, each: 1, waitingEach: 0 });
    for (let time = 0; time < 3; time += 1) (await turns.take('clerk'))?.();
    expect(await turns.take('clerk')).toBeInstanceOf(Function);
    expect(await turns.take('other')).toBeNull();
  });
});
