import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where packages say that the extensions are defined. */
export const HUB = 'https://raw.githubusercontent.com/open-contracting-extensions';

const text = { type: ['string', 'null'] };
const required = { type: 'string' };
const of = (name: string) => ({ $ref: `#/definitions/${name}` });
const listOf = (items: object) => ({ type: 'array', items });
const ids = { type: ['array', 'null'], items: required };
const properties = (fields: object) => ({ properties: fields });
const object = (fields: object) => ({ type: 'object', required: ['id'], properties: fields });

/**
 * What the extensions say of the fields that we use, by their names and types: the reference checker asks for
 * definitions over http, and CI may not reach the ones that packages name. Fields we do not use are not here, so
 * that using one more is found.
 */
const DEFINITIONS: Record<
  string,
  { schema: object; codelists?: Record<string, readonly string[]> }
> = {
  'ocds_bid_extension/v1.1.5': {
    schema: {
      properties: { bids: of('Bids') },
      definitions: {
        Award: properties({ relatedBid: text }),
        Bids: {
          type: 'object',
          properties: { statistics: listOf(of('BidsStatistic')), details: listOf(of('Bid')) },
        },
        BidsStatistic: {
          ...object({
            ...{ id: required, date: { ...text, format: 'date-time' }, value: { type: 'number' } },
            measure: { ...required, codelist: 'bidStatistics.csv', openCodelist: true },
            relatedLot: text,
          }),
          required: ['id', 'measure', 'value'],
        },
        Bid: object({
          ...{ id: required, date: { ...text, format: 'date-time' } },
          status: {
            ...{ ...text, codelist: 'bidStatus.csv', openCodelist: false },
            enum: ['invited', 'pending', 'valid', 'disqualified', 'withdrawn', null],
          },
          ...{ tenderers: listOf(of('OrganizationReference')), value: of('Value') },
          relatedLots: ids,
        }),
      },
    },
    codelists: {
      'bidStatus.csv': ['invited', 'pending', 'valid', 'disqualified', 'withdrawn'],
      'bidStatistics.csv': ['bids', 'validBids', 'bidders'],
    },
  },
  'ocds_lots_extension/v1.1.5': {
    schema: {
      definitions: {
        Tender: properties({ lots: listOf(of('Lot')) }),
        Award: properties({ relatedLots: ids }),
        Lot: object({
          ...{ id: required, title: text, value: of('Value') },
          status: {
            ...{ ...text, codelist: 'tenderStatus.csv', openCodelist: false },
            enum: [
              ...['planning', 'planned', 'active', 'cancelled'],
              ...['unsuccessful', 'complete', 'withdrawn', null],
            ],
          },
        }),
      },
    },
  },
  'ocds_metrics_extension/09325d191eb6be767b95effa0b280925b2bf47c3': {
    schema: {
      definitions: {
        Contract: properties({ agreedMetrics: listOf(of('Metric')) }),
        Implementation: properties({ metrics: listOf(of('Metric')) }),
        Metric: object({
          ...{ id: required, title: text, description: text },
          observations: listOf(of('Observation')),
        }),
        Observation: object({
          ...{ id: required, measure: { type: ['string', 'number', 'null'] } },
          unit: { type: 'object', properties: { name: text } },
          relatedImplementationMilestone: of('MilestoneReference'),
        }),
        MilestoneReference: object({ id: required, title: text }),
      },
    },
  },
  'ocds_performance_failures_extension/7400f33d7ea0427a752659503b14ec192ca421fa': {
    schema: {
      definitions: {
        Implementation: properties({ performanceFailures: listOf(of('PerformanceFailure')) }),
        PerformanceFailure: object({
          ...{ id: required, category: text, events: { type: ['number', 'null'] } },
          ...{
            penaltyContracted: text,
            penaltyImposed: text,
            penaltyPaid: { type: ['boolean', 'null'] },
          },
        }),
      },
    },
  },
  'ocds_bidOpening_extension/44b4ea66de6b58e6d6d59d3017021ec47d1cce28': {
    schema: {
      definitions: {
        Tender: properties({ bidOpening: of('BidOpening') }),
        BidOpening: { type: 'object', properties: { date: { ...text, format: 'date-time' } } },
      },
    },
  },
  'ocds_enquiry_extension/0f32fcb807c149c5400b85f7d4f7da0f8d760984': {
    schema: {
      definitions: {
        Tender: properties({ enquiries: listOf(of('Enquiry')) }),
        Enquiry: object({
          ...{ id: required, date: { ...text, format: 'date-time' }, title: text, answer: text },
          dateAnswered: { ...text, format: 'date-time' },
        }),
      },
    },
  },
  'ocds_finance_extension/06a9a830cf02e4c6998fb550efff6ff3cc3be4c1': {
    schema: {
      definitions: {
        Contract: properties({ finance: listOf(of('Finance')) }),
        Finance: object({
          ...{ id: required, source: text, value: of('Value') },
          financingParty: of('OrganizationReference'),
        }),
      },
    },
  },
  'ocds_transactions_relatedMilestone_extension/v1.1': {
    schema: {
      definitions: {
        Transaction: properties({ relatedImplementationMilestone: of('MilestoneReference') }),
      },
    },
  },
};

/** Serves them, and further texts by their path, on 127.0.0.1, on a free port, until it is closed. */
export async function serveExtensions(
  texts: Readonly<Record<string, string>> = {},
): Promise<{ base: string; close: () => Promise<void> }> {
  const server = createServer(({ url = '' }, response) => {
    const answer = texts[url] ?? file(url);
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

function file(url: string): string | undefined {
  const [, name, version, ...rest] = url.split('/');
  const known = DEFINITIONS[`${name}/${version}`];
  if (!known) return undefined;
  const { schema, codelists = {} } = known;
  const path = rest.join('/');
  if (path === 'extension.json')
    return JSON.stringify({
      ...{ name: { en: name }, description: { en: name }, compatibility: ['1.1'] },
      documentationUrl: { en: '' },
      ...{ schemas: ['release-schema.json'], codelists: Object.keys(codelists) },
    });
  if (path === 'release-schema.json') return JSON.stringify(schema);
  const codes = codelists[path.replace('codelists/', '')];
  return codes && ['Code,Title', ...codes.map((code) => `${code},${code}`)].join('\n');
}
