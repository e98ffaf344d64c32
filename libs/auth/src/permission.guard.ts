import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { Actor } from './actor.js';
import { forbidden, unauthenticated, type Language } from './errors.js';
import { can, type PolicyTable } from './policy.js';
import { OPEN_PATHS } from './signed-calls-only.js';

const ALLOW = 'mulin:allow';
const WITH_PARENT = 'mulin:allow-with-parent';
// The names under which @nestjs/graphql keeps what a method is; a test pins them.
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_REFERENCE = 'graphql:resolve_reference';
const RESOLVER_PROPERTY = 'graphql:resolve_property';

/** Injection token of the service's policy table. */
export const POLICY = Symbol('mulin:policy');

/**
 * Says which permission a query, mutation, reference resolver, field or a whole resolver class needs.
 * The service's `src/policy.ts` says who has it.
 */
export const Allow = (permission: string): MethodDecorator & ClassDecorator =>
  SetMetadata(ALLOW, permission);

/**
 * For a class of field resolvers alone whose parents can only come from an operation of the same
 * service that was allowed already (the fields of a refusal, for example), never from another subgraph.
 */
export const AllowWithParent = (): ClassDecorator => SetMetadata(WITH_PARENT, true);

/** What a subgraph's GraphQL context must hold for permissions to be checked. */
export interface AskedBy {
  actor: Actor | null;
  language?: Language;
}

/** Who asks. Throws UNAUTHENTICATED when nobody is signed in. */
export function actorOf(context: AskedBy): Actor {
  if (!context.actor) throw unauthenticated(context.language);
  return context.actor;
}

/** Parameter decorator: the signed-in person. */
export const CurrentActor = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Actor =>
    actorOf(GqlExecutionContext.create(context).getContext<AskedBy>()),
);

/**
 * Refuses every operation nobody allowed. It runs for root fields, and with
 * `fieldResolverEnhancers: ['guards']` for reference resolvers and `@ResolveField` methods too.
 * A field without @Allow passes, because its parent was allowed.
 */
@Injectable()
export class PermissionGuard implements CanActivate, OnModuleInit {
  constructor(
    @Inject(POLICY) private readonly policy: PolicyTable,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** A method that says nothing about who may call it must not reach a deployment. */
  onModuleInit(): void {
    const gaps = [...this.modules.values()]
      .flatMap((module) => [...module.providers.values()])
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : []))
      .flatMap((type) => gapsOf(type, this.policy));
    if (gaps.length > 0) throw new Error(`Who may do this?\n${[...new Set(gaps)].join('\n')}`);
  }

  canActivate(context: ExecutionContext): boolean {
    switch (context.getType<string>()) {
      case 'graphql':
        return this.admit(context, GqlExecutionContext.create(context).getContext<AskedBy>());
      case 'http': {
        const request = context.switchToHttp().getRequest<AskedBy & { url: string }>();
        if (OPEN_PATHS.has(request.url.split('?', 1)[0] ?? '')) return true;
        return this.admit(context, { actor: request.actor });
      }
      default:
        // Events and timers come from our own transport, never from a caller.
        return true;
    }
  }

  private admit(context: ExecutionContext, { actor, language }: AskedBy): boolean {
    const method = context.getHandler();
    const permission = permissionOf(method, context.getClass());
    if (permission === undefined) {
      if (isField(method)) return true;
    } else if (can(this.policy, actor, permission)) {
      return true;
    }
    throw actor ? forbidden(language) : unauthenticated(language);
  }
}

/** The global guard with the service's table: spread it into the module's `providers`. */
export const permissionGuard = (policy: PolicyTable): Provider[] => [
  { provide: POLICY, useValue: policy },
  { provide: APP_GUARD, useClass: PermissionGuard },
];

type Method = ReturnType<ExecutionContext['getHandler']>;

const permissionOf = (method: Method, type: Method): string | undefined =>
  Reflect.getMetadata(ALLOW, method) ?? Reflect.getMetadata(ALLOW, type);

const isField = (method: Method): boolean =>
  Reflect.getMetadata(RESOLVER_PROPERTY, method) === true;

const isEntry = (method: Method): boolean =>
  ['Query', 'Mutation', 'Subscription'].includes(Reflect.getMetadata(RESOLVER_TYPE, method)) ||
  Reflect.getMetadata(RESOLVER_REFERENCE, method) === true;

function gapsOf(type: Method, policy: PolicyTable): string[] {
  const prototype: unknown = type.prototype;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const methods = new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const method: unknown = Reflect.get(prototype, name);
    return typeof method === 'function' ? [{ name, method: method as Method }] : [];
  });
  const hasEntry = methods.some(({ method }) => isEntry(method));
  const withParent = Reflect.getMetadata(WITH_PARENT, type) === true;
  return methods.flatMap(({ name, method }) => {
    const place = `  ${type.name}.${name}:`;
    const permission = permissionOf(method, type);
    if (permission !== undefined) {
      return Object.hasOwn(policy, permission)
        ? []
        : [`${place} '${permission}' is not in policy.ts`];
    }
    if (isEntry(method)) return [`${place} needs @Allow('<service>.<noun>.<verb>')`];
    if (isField(method) && !hasEntry && !withParent) {
      return [
        `${place} needs @Allow on the field or the class: its parent may come from another subgraph, ` +
          `where this service's table was not asked (or @AllowWithParent on the class, if it cannot)`,
      ];
    }
    return [];
  });
}
