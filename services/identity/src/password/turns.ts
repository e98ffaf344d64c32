/** Gives a place back; the next in line has it at once. */
export type GiveBack = () => void;

interface Waiting {
  from: string;
  come: (giveBack: GiveBack) => void;
}

export interface Places {
  /** Places for everybody together. */
  atOnce: number;
  /** Of these, for one address. */
  each: number;
  /** How many of one address may wait in line; whoever comes then is sent away. */
  waitingEach: number;
}

/**
 * Who may work now, and who waits: one address never has all the places, and of those who wait the one
 * whose address has the fewest comes first. So a flood from one place makes nobody else wait for its end.
 */
export class Turns {
  private readonly working = new Map<string, number>();
  private readonly line: Waiting[] = [];
  private taken = 0;

  constructor(private readonly places: Places) {}

  /** Waits for a place; null when too many of this address wait already. */
  take(from: string): Promise<GiveBack | null> {
    if (this.mayWork(from)) return Promise.resolve(this.start(from));
    const waiting = this.line.filter((each) => each.from === from).length;
    if (waiting >= this.places.waitingEach) return Promise.resolve(null);
    return new Promise((resolve) => this.line.push({ from, come: resolve }));
  }

  private mayWork(from: string): boolean {
    return this.taken < this.places.atOnce && this.worksOf(from) < this.places.each;
  }

  private start(from: string): GiveBack {
    this.taken += 1;
    this.working.set(from, this.worksOf(from) + 1);
    return () => {
      this.taken -= 1;
      const left = this.worksOf(from) - 1;
      if (left > 0) this.working.set(from, left);
      else this.working.delete(from);
      this.callNext();
    };
  }

  private callNext(): void {
    const mayCome = this.line.filter(({ from }) => this.mayWork(from));
    const [first, ...others] = mayCome;
    if (!first) return;
    const next = others.reduce(
      (best, each) => (this.worksOf(each.from) < this.worksOf(best.from) ? each : best),
      first,
    );
    this.line.splice(this.line.indexOf(next), 1);
    next.come(this.start(next.from));
  }

  private worksOf(from: string): number {
    return this.working.get(from) ?? 0;
  }
}
