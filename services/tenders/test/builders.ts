import { ContractFundsReleased } from '@mulin/events';
import type { ReceivedEvent } from '@mulin/messaging';
import { testService } from '@mulin/testing';
import { ContractEvents } from '../src/award/contract.events.js';
import { boot, migrations, serviceName } from '../src/index.js';
import { Committee } from './builders/committee.js';
import { FUND, missing, NOW, step, type Told } from './builders/terms.js';

export * from './builders/terms.js';

/** All of it: a running service, and a tender brought as far as a test wants it. */
export class Bench extends Committee {
  static async open(options: { events?: boolean; topicPrefix?: string } = {}): Promise<Bench> {
    const mulin = await testService({ serviceName, boot, migrations, ...options });
    const bench = new Bench(mulin);
    await bench.clockTo(NOW);
    await bench.fund({ id: FUND });
    return bench;
  }

  /** A tender whose result is announced: who won, and its award. */
  async announcedTender(prices?: readonly string[]) {
    const reported = await this.reportedTender(prices);
    const chosen = await this.must(this.officer, 'chooseWinners', step(reported.tender));
    const tender = await this.must(this.approver, 'announceResult', step(chosen));
    const [award] = await this.mulin.database.query<Told & { organisation: string }>(
      'select id, version, organisation_id as organisation from award where tender_id = $1',
      [tender.id],
    );
    const winner = reported.bidders.find(
      ({ organisation }) => organisation === award?.organisation,
    );
    return {
      ...reported,
      tender,
      award: award ?? missing('award'),
      winner: winner ?? missing('winner'),
    };
  }

  /** contracts tells that nobody has signed it in time; handled as by the consumer, with its rights. */
  async unsigned(contractId: unknown) {
    const payload = { ...ContractFundsReleased.good, contractId: String(contractId) };
    await this.mulin.service.database.asSystem((tx) =>
      // The handler reads the payload alone.
      new ContractEvents().released(
        [{ payload } as ReceivedEvent<typeof ContractFundsReleased.good>],
        { tx },
      ),
    );
  }
}
