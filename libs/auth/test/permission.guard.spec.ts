import { afterEach, describe, expect, it } from '@jest/globals';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { Module, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  Directive,
  Field,
  GraphQLModule,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  Allow,
  AllowWithParent,
  CurrentActor,
  permissionGuard,
  PermissionGuard,
  type Actor,
  type PolicyTable,
  type Role,
} from '../src/index.js';

const policy: PolicyTable = {
  'tests.todo.read': ['evaluator'],
  'tests.todo.secret': ['auditor'],
  'tests.news.read': ['anyone'],
};

let asks: Actor | null = null;
let ran: string[] = [];
const as = (...roles: Role[]): Actor => ({
  id: `per_${'1'.repeat(32)}`,
  street: '310110015',
  organisation: null,
  roles,
});

class GuardSchema {}

@ObjectType({ registerIn: () => GuardSchema })
@Directive('@key(fields: "id")')
class Todo {
  @Field(() => ID) id: string;
}

@Resolver(() => Todo)
class TodoResolver {
  @Query(() => Todo)
  @Allow('tests.todo.read')
  todo(@CurrentActor() actor: Actor): Todo {
    ran.push(`todo for ${actor.roles.join()}`);
    return { id: '1' };
  }
  @Query(() => String)
  @Allow('tests.news.read')
  news(): string {
    return 'open day';
  }
  @Mutation(() => String)
  @Allow('tests.todo.read')
  finish(): string {
    return 'done';
  }
  @ResolveReference()
  @Allow('tests.todo.read')
  byReference(reference: { id: string }): Todo {
    ran.push('reference');
    return { id: reference.id };
  }
  @ResolveField(() => String)
  title(@Parent() todo: Todo): string {
    return `title ${todo.id}`;
  }
  @ResolveField(() => String, { nullable: true })
  @Allow('tests.todo.secret')
  secret(): string {
    ran.push('secret');
    return 'SECRET';
  }
}

let app: NestFastifyApplication | undefined;

async function boot(...resolvers: Type[]): Promise<NestFastifyApplication> {
  @Module({
    imports: [
      GraphQLModule.forRoot<ApolloFederationDriverConfig>({
        driver: ApolloFederationDriver,
        autoSchemaFile: { federation: 2 },
        buildSchemaOptions: { includeModules: [GuardSchema] } as never,
        fieldResolverEnhancers: ['guards'],
        graphiql: false,
        plugins: [ApolloServerPluginInlineTraceDisabled()],
        context: () => ({ actor: asks, language: 'en' }),
      }),
    ],
    providers: [...resolvers, ...permissionGuard(policy)],
  })
  class TestModule {}
  const module = await Test.createTestingModule({ imports: [TestModule] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  return app;
}

async function ask(
  query: string,
  variables?: object,
): Promise<{ data: unknown; codes: unknown[] }> {
  const response = await fetch(`${await app?.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return { data: answer.data, codes: (answer.errors ?? []).map((error) => error.extensions.code) };
}

const entity = (fields: string): string =>
  `{ _entities(representations: [{ __typename: "Todo", id: "42" }]) { ... on Todo { ${fields} } } }`;

afterEach(async () => {
  await app?.close();
  app = undefined;
  ran = [];
});

describe('the permission guard', () => {
  it('lets in the roles of the table, and tells the method who asks', async () => {
    await boot(TodoResolver);
    asks = as('evaluator');
    expect(await ask('{ todo { id title } }')).toEqual({
      data: { todo: { id: '1', title: 'title 1' } },
      codes: [],
    });
    expect(ran).toEqual(['todo for evaluator']);
  });
  it('sends somebody who is not signed in to sign in, and refuses another role', async () => {
    await boot(TodoResolver);
    asks = null;
    expect((await ask('{ todo { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask('mutation { finish }')).codes).toEqual(['UNAUTHENTICATED']);
    asks = as('cashier');
    expect((await ask('{ todo { id } }')).codes).toEqual(['FORBIDDEN']);
    expect((await ask('mutation { finish }')).codes).toEqual(['FORBIDDEN']);
    expect(ran).toEqual([]);
  });
  it('shows everybody what is for everybody', async () => {
    await boot(TodoResolver);
    asks = null;
    expect(await ask('{ news }')).toEqual({ data: { news: 'open day' }, codes: [] });
  });
  it('an entity asked for by its id is refused like the query, before the resolver runs', async () => {
    await boot(TodoResolver);
    asks = as('cashier');
    expect((await ask(entity('id title'))).codes).toEqual(['FORBIDDEN']);
    asks = null;
    expect((await ask(entity('id title'))).codes).toEqual(['UNAUTHENTICATED']);
    expect(ran).toEqual([]);
    asks = as('evaluator');
    expect((await ask(entity('id title'))).data).toEqual({
      _entities: [{ id: '42', title: 'title 42' }],
    });
  });
  it('a field with a permission of its own is refused alone', async () => {
    await boot(TodoResolver);
    asks = as('evaluator');
    expect(await ask('{ todo { title secret } }')).toEqual({
      data: { todo: { title: 'title 1', secret: null } },
      codes: ['FORBIDDEN'],
    });
    expect((await ask(entity('title secret'))).codes).toEqual(['FORBIDDEN']);
    expect(ran).not.toContain('secret');
  });
});

describe('a method that the check at start did not see', () => {
  const guard = new PermissionGuard(policy, new ModulesContainer());
  class Late {
    @Query(() => String)
    unsaid(): string {
      return '';
    }
  }
  const called = (type: string): ExecutionContextHost => {
    const context = new ExecutionContextHost(
      [undefined, {}, { actor: as('evaluator'), url: '/anything' }, {}],
      Late,
      Late.prototype.unsaid,
    );
    context.setType(type);
    return context;
  };

  it('is refused when somebody asks for it', () => {
    expect(() => guard.canActivate(called('graphql'))).toThrow(
      expect.objectContaining({ message: expect.stringContaining('角色') }),
    );
    expect(() => guard.canActivate(called('http'))).toThrow();
  });
  it('is none of its business when an event calls it', () => {
    expect(guard.canActivate(called('rpc'))).toBe(true);
  });
});

describe('a service does not start', () => {
  it('when a query, a mutation or a reference resolver does not say who may call it', async () => {
    @Resolver(() => Todo)
    class Forgetful {
      @Query(() => Todo)
      todo(): Todo {
        return { id: '1' };
      }
      @Mutation(() => String)
      finish(): string {
        return 'done';
      }
      @ResolveReference()
      byReference(): Todo {
        return { id: '1' };
      }
    }
    await expect(boot(Forgetful)).rejects.toThrow(
      /Forgetful\.todo[\s\S]*Forgetful\.finish[\s\S]*Forgetful\.byReference/,
    );
  });
  it('when a permission is not in the table', async () => {
    @Resolver(() => Todo)
    class Misspelt {
      @Query(() => Todo)
      @Allow('tests.todo.raed')
      todo(): Todo {
        return { id: '1' };
      }
    }
    await expect(boot(Misspelt)).rejects.toThrow("'tests.todo.raed' is not in policy.ts");
  });
  it('when fields are added to a type of another service and nobody said who may read them', async () => {
    @Resolver(() => Todo)
    class Extension {
      @ResolveField(() => String)
      title(): string {
        return '';
      }
    }
    @Resolver()
    class Root {
      @Query(() => Todo)
      @Allow('tests.todo.read')
      todo(): Todo {
        return { id: '1' };
      }
    }
    await expect(boot(Root, Extension)).rejects.toThrow(/Extension\.title: needs @Allow/);
    AllowWithParent()(Extension);
    await expect(boot(Root, Extension)).resolves.toBeDefined();
  });
});
