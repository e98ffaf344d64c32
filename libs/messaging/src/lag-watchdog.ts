import type { Admin, Kafka } from 'kafkajs';

/**
 * kafkajs is known to stop reading without a word, after a rebalance for one. The watchdog notices when
 * nothing has been done for a long time although records are waiting, and then says so, once.
 */
export class LagWatchdog {
  private readonly admin: Admin;
  private timer: NodeJS.Timeout | undefined;
  private lastProgress = performance.now();
  private looking = false;

  constructor(
    kafka: Kafka,
    private readonly group: { groupId: string; topics: string[]; stalledMs: number },
  ) {
    this.admin = kafka.admin();
  }

  start(onStalled: () => void): void {
    this.progressed();
    this.timer = setInterval(() => void this.look(onStalled), this.group.stalledMs / 6);
    this.timer.unref();
  }

  progressed(): void {
    this.lastProgress = performance.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(onStalled: () => void): Promise<void> {
    if (this.looking || performance.now() - this.lastProgress < this.group.stalledMs) return;
    this.looking = true;
    try {
      await this.admin.connect();
      if ((await this.lag()) > 0n) onStalled();
      else this.progressed();
    } catch {
      // The broker is away, and with it every progress: that is no stall of ours.
      this.progressed();
    } finally {
      this.looking = false;
      await this.admin.disconnect().catch(() => undefined);
    }
  }

  private async lag(): Promise<bigint> {
    const { groupId, topics } = this.group;
    const committed = await this.admin.fetchOffsets({ groupId, topics });
    let lag = 0n;
    for (const { topic, partitions } of committed) {
      const ends = await this.admin.fetchTopicOffsets(topic);
      for (const { partition, offset } of partitions) {
        const end = ends.find((each) => each.partition === partition);
        if (end) lag += BigInt(end.high) - BigInt(offset === '-1' ? end.low : offset);
      }
    }
    return lag;
  }
}
