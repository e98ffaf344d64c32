/** Chance that can be had again: the same seed gives the same scores, victims and moments (mulberry32). */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** The same things in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const places = list.map((item) => ({ item, place: this.fraction() }));
    return places.sort((a, b) => a.place - b.place).map(({ item }) => item);
  }
}
