import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { sealEnvelope, unlockOfficerKey, unwrapShares } from '@mulin/seal';
import { Planning } from './planning.js';
import { AFTER_DEADLINE, NOW, type Officer, papers, PASSPHRASE, step, type Told } from './terms.js';

/** Bids sealed on other machines, and their opening. */
export class Bidding extends Planning {
  /** Both envelopes, sealed on the bidder's machine to the tender's three officers. */
  async sealed(
    tender: { id: string },
    bidder: Actor,
    change: {
      /** Another lot than the first. */
      forLot?: string;
      /** Another lot than it is handed in for. */
      lotId?: string;
      bidVersion?: number;
      tenderId?: string;
      bidderId?: string;
      price?: string;
    } = {},
  ) {
    const [lot] = await this.mulin.database.query<{ id: string }>(
      'select id from lot where tender_id = $1 order by no',
      [tender.id],
    );
    const context = {
      tenderId: change.tenderId ?? tender.id,
      lotId: change.lotId ?? change.forLot ?? lot?.id ?? '',
      bidderId: change.bidderId ?? bidder.organisation ?? '',
      bidVersion: change.bidVersion ?? 1,
    };
    const keys = (await this.officers()).map(({ publicKey }) => publicKey);
    const seal = async (envelope: 'qualification' | 'price') =>
      JSON.stringify(
        await sealEnvelope(
          { ...context, envelope },
          new TextEncoder().encode(JSON.stringify(papers(change.price)[envelope])),
          keys,
        ),
      );
    return { qualification: await seal('qualification'), price: await seal('price') };
  }

  async submission(
    tender: { id: string },
    bidder: Actor,
    change: Parameters<Bidding['sealed']>[2] = {},
  ) {
    const [lot] = await this.mulin.database.query<{ id: string }>(
      'select id from lot where tender_id = $1 order by no',
      [tender.id],
    );
    await this.known(bidder.organisation);
    const envelopes = await this.sealed(tender, bidder, change);
    const lotId = change.forLot ?? lot?.id;
    return { id: newId('bid'), tenderId: tender.id, lotId, ...envelopes };
  }

  async bid(tender: { id: string }, bidder = this.bidder()): Promise<Told> {
    return this.must(bidder, 'submitBid', await this.submission(tender, bidder));
  }

  /** The officer's part: on the own machine, with the own private key. */
  async handOver(
    tender: Told,
    officer: Officer,
    change: (shares: object[]) => object[] = (same) => same,
    lotId: string | null = null,
  ) {
    const { sealedBids } = await this.mulin.answer<{ sealedBids: { envelope: string }[] }>(
      officer.actor,
      'query ($id: ID!, $lotId: ID) { sealedBids(tenderId: $id, lotId: $lotId) { envelope } }',
      { id: tender.id, lotId },
    );
    const shares = await Promise.all(
      sealedBids.map(({ envelope }) => this.unwrapped(JSON.parse(envelope), officer)),
    );
    return this.do(officer.actor, 'handOverShares', {
      ...{ ...step(tender), lotId },
      shares: JSON.stringify(change(shares.flat())),
    });
  }

  /** What an officer has of one envelope. */
  async unwrapped(envelope: unknown, officer: Officer) {
    this.unlocked.set(
      officer,
      this.unlocked.get(officer) ?? unlockOfficerKey(officer.privateKey, PASSPHRASE),
    );
    const key = await this.unlocked.get(officer);
    if (!key) throw new Error('no key');
    return unwrapShares(envelope, key);
  }
  private readonly unlocked = new Map<Officer, ReturnType<typeof unlockOfficerKey>>();

  /** Two officers hand over, one of them opens. */
  async opened(tender: Told): Promise<Told> {
    const [first, , third] = await this.officers();
    if (!first || !third) throw new Error('no officers');
    await this.handOver(tender, first);
    await this.handOver(tender, third);
    return this.must(third.actor, 'openBids', step(tender));
  }

  /** Both findings of every opened bid: all qualify but those named. */
  async reviewed(tender: { id: string }, disqualified: readonly string[] = []): Promise<void> {
    const bids = await this.mulin.database.query<{ id: string }>(
      `select id from bid where tender_id = $1 and state = 'opened' order by id`,
      [tender.id],
    );
    for (const { id } of bids) {
      const out = disqualified.includes(id);
      const review = await this.must(this.officer, 'reviewQualification', {
        ...step({ id, version: 0 }),
        qualified: !out,
        ...(out ? { reasonCode: 'illegal-record', because: '两年前受过重大行政处罚。' } : {}),
      });
      const { version } = review;
      await this.must(this.approver, 'confirmQualification', step({ id, version }));
    }
  }

  /** A tender whose prices are open, with its bids in the order of these prices. */
  async pricedTender(prices: readonly string[], change: object = {}, plan: object = {}) {
    await this.clockTo(NOW);
    const tender = await this.publishedTender(change, plan);
    const bidders: Actor[] = [];
    const bids: Told[] = [];
    for (const price of prices) {
      const bidder = this.bidder();
      bidders.push(bidder);
      bids.push(
        await this.must(bidder, 'submitBid', await this.submission(tender, bidder, { price })),
      );
    }
    // Another deadline than the usual one, where the file has one.
    const { deadline } = change as { deadline?: string };
    await this.clockTo(deadline ? new Date(Date.parse(deadline) + 10_000) : AFTER_DEADLINE);
    const opened = await this.opened(tender);
    await this.reviewed(tender);
    const closed = await this.must(this.approver, 'closeQualification', step(opened));
    return { tender: await this.opened(closed), bids, bidders };
  }
}
