/** A bucket that fills steadily: `burst` operations at once, `perMinute` in the long run. */
export interface RateLimit {
  perMinute: number;
  burst: number;
}

/**
 * Counts operations (root fields, not HTTP requests: aliases are no way around) by who asks.
 * Per process: with n replicas a caller can have up to n times as much.
 */
export class OperationBudget {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly limit: RateLimit,
    private readonly now: () => number = () => performance.now(),
    private readonly maxCallers = 50_000,
  ) {}

  /** Null when the caller may go on; otherwise in how many seconds it may try again. */
  take(caller: string, operations: number): number | null {
    const { perMinute, burst } = this.limit;
    const at = this.now();
    const known = this.buckets.get(caller);
    const left = known
      ? Math.min(burst, known.left + ((at - known.at) / 60_000) * perMinute)
      : burst;
    // An operation larger than the whole bucket may pass when the bucket is full, or it never could.
    const needed = Math.min(operations, burst);
    const allowed = left >= needed;
    this.buckets.delete(caller);
    this.buckets.set(caller, { left: allowed ? left - operations : left, at });
    this.forgetOldest();
    return allowed ? null : Math.ceil(((needed - left) / perMinute) * 60);
  }

  // Map keeps insertion order, and each call moves its caller to the end: the first was idle longest.
  private forgetOldest(): void {
    if (this.buckets.size <= this.maxCallers) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
