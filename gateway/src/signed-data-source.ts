import { signCall } from '@mulin/auth';
import type { GraphQLDataSource } from '@apollo/gateway';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { JWK } from 'jose';
import { Pool } from 'undici';
import type { GatewayContext } from './context.js';

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0];
type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** A subgraph could not be asked, or did not answer as a subgraph does. Never shown to a client. */
export class SubgraphFailed extends Error {
  override readonly name = 'SubgraphFailed';
  readonly extensions: { code: string; requestId: string | undefined };

  constructor(
    readonly subgraph: string,
    readonly reason: string,
    readonly status: number | null,
    private readonly requestId: string | undefined,
    /** What of the page is missing for it, beginning where the subgraph was asked. */
    readonly path?: readonly string[],
    /** One failure may cost several fields: each gets its error, all of them are this one. */
    readonly failure: object = {},
  ) {
    super(`${subgraph}: ${reason}`);
    this.extensions = { code: 'SUBGRAPH_FAILED', requestId };
  }

  at(path: readonly string[]): SubgraphFailed {
    const { subgraph, reason, status, requestId, failure } = this;
    return new SubgraphFailed(subgraph, reason, status, requestId, path, failure);
  }
}

export interface SubgraphConnection {
  /** The subgraph's name in the supergraph; the only audience for which its calls are signed. */
  name: string;
  url: string;
  callKey: JWK;
  pools: SubgraphPools;
}

/**
 * Asks one subgraph. It signs who is asking over the exact body, and of the client's headers passes on
 * nothing: only the language and the trace, each read and written anew.
 * Written on undici because the gateway's own HTTP client takes half of its CPU time (docs: stack).
 */
export class SignedDataSource implements GraphQLDataSource {
  private readonly path: string;
  private readonly origin: string;

  constructor(private readonly connection: SubgraphConnection) {
    const { origin, pathname } = new URL(connection.url);
    this.origin = origin;
    this.path = pathname;
  }

  async process(options: ProcessOptions): Promise<Answer> {
    const { query, variables, operationName } = options.request;
    const body = JSON.stringify({ query, variables, operationName });
    const context = options.context as Partial<GatewayContext>;
    const mayAskAgain =
      options.kind === 'incoming operation' &&
      options.incomingRequestContext.operation?.operation === 'query';
    try {
      return await this.askOrAgain(body, { context, mayAskAgain });
    } catch (error) {
      if (!(error instanceof SubgraphFailed)) throw error;
      return { data: null, errors: pathsOf(options).map((path) => error.at(path)) };
    }
  }

  private async askOrAgain(
    body: string,
    { context, mayAskAgain }: { context: Partial<GatewayContext>; mayAskAgain: boolean },
  ): Promise<Answer> {
    try {
      return await this.ask(body, context);
    } catch (error) {
      // A connection that a restarting subgraph closed under us costs a reader nothing but a second try.
      // A mutation is never sent twice: the first may have arrived.
      if (!mayAskAgain || !(error instanceof SubgraphFailed) || !CLOSED.has(error.reason))
        throw error;
      return this.ask(body, context);
    }
  }

  private async ask(body: string, context: Partial<GatewayContext>): Promise<Answer> {
    const { name, callKey, pools } = this.connection;
    const actor = context.actor ? { ...context.actor, ...traceOf(context) } : null;
    const token = await signCall(callKey, { audience: name, body, actor });
    const failed = (reason: string, status: number | null = null): SubgraphFailed =>
      new SubgraphFailed(name, reason, status, context.requestId);

    const response = await pools
      .of(this.origin)
      .request({
        method: 'POST',
        path: this.path,
        body,
        headers: {
          'content-type': 'application/json',
          authorization: `Mulin-Call ${token}`,
          'accept-language': context.language === 'en' ? 'en' : 'zh-CN',
          ...(context.requestId === undefined ? {} : { 'x-request-id': context.requestId }),
          ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
        },
      })
      .catch((error: unknown) => {
        throw failed(reasonOf(error));
      });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw failed('unexpected status', response.statusCode);
    }
    const answer: unknown = await response.body.json().catch((error: unknown) => {
      throw failed(reasonOf(error), response.statusCode);
    });
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
      throw failed('not a GraphQL answer', response.statusCode);
    }
    return marked(answer, context.requestId);
  }
}

/** One pool of connections per subgraph address, kept across supergraph updates. */
export class SubgraphPools {
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly options: { timeoutMs: number; connections?: number }) {}

  of(origin: string): Pool {
    const { timeoutMs, connections = 64 } = this.options;
    let pool = this.pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, {
        connections,
        connectTimeout: Math.min(timeoutMs, 2_000),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        // No page of ours is larger; a subgraph gone mad must not take the gateway's memory.
        maxResponseSize: 16 * 1024 * 1024,
      });
      this.pools.set(origin, pool);
    }
    return pool;
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
    this.pools.clear();
  }
}

/**
 * What of the page is missing when a subgraph fails: each root field it was asked for, by the name the client
 * gave it; of a part of the page that other subgraphs began, the place where it was to be added.
 */
function pathsOf(options: ProcessOptions): string[][] {
  if (options.kind !== 'incoming operation' || options.pathInIncomingRequest?.length !== 0) {
    return [[]];
  }
  const { definitions } = options.document ?? parse(options.request.query ?? '');
  const names = definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? namesIn(definition.selectionSet) : [],
  );
  return names.length > 0 ? names.map((name) => [name]) : [[]];
}

/** Under a condition the planner puts root fields into fragments without a name. */
const namesIn = ({ selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return namesIn(selection.selectionSet);
    return selection.kind === Kind.FIELD ? [(selection.alias ?? selection.name).value] : [];
  });

/** Signed with the actor: what a mutation causes names the request that it came from. */
const traceOf = ({ traceparent: trace }: Partial<GatewayContext>): { trace?: string } =>
  trace === undefined ? {} : { trace };

const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Only the code: the message of a network error holds addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'not JSON';
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown network error';
}

/** Puts the request's id on each error, so that what is logged and what is shown can be told together. */
function marked(answer: object, requestId: string | undefined): Answer {
  const { data, errors } = answer as Answer;
  if (!Array.isArray(errors) || errors.length === 0) return { data };
  return {
    data,
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
  };
}
