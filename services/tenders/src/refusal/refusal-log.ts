import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { type GraphqlContext, Refusal } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { mergeMap, type Observable } from 'rxjs';

/** What a mutation's input may name; of all it says nothing else is written down. */
interface Named {
  input?: { tenderId?: unknown; bidId?: unknown; proposalId?: unknown; id?: unknown };
}

/**
 * Every refusal of a mutation leaves a row: the use case was rolled back whole, so the row is a short transaction of
 * its own after it. It stands at the one edge that all mutations pass, where their names are known.
 */
@Injectable()
export class RefusalLog implements NestInterceptor {
  constructor(@Inject(Database) private readonly database: Database) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<string>() !== 'graphql') return next.handle();
    const asked = GqlExecutionContext.create(context);
    const { parentType, fieldName } = asked.getInfo<GraphQLResolveInfo>();
    const { actor } = asked.getContext<GraphqlContext>();
    if (parentType.name !== 'Mutation' || !actor) return next.handle();
    const subject = subjectOf(asked.getArgs<Named>());
    return next.handle().pipe(
      mergeMap(async (result: unknown) => {
        if (result instanceof Refusal)
          await this.write(actor, { operation: fieldName, ruleId: result.rule.id, subject });
        return result;
      }),
    );
  }

  private write(
    actor: Actor,
    { operation, ruleId, subject }: { operation: string; ruleId: string; subject: string | null },
  ): Promise<void> {
    return this.database.as(actor, async (tx) => {
      await tx.query(
        `insert into refusal_log (id, street, actor, operation, rule_id, subject, at)
         values ($1, $2, $3, $4, $5, $6, mulin.now())`,
        [newId('rfl'), actor.street, actor.id, operation, ruleId, subject],
      );
    });
  }
}

/** The row that was meant: what something new hangs on, else the row itself. Only ids, whatever was sent. */
function subjectOf({ input }: Named): string | null {
  const named = [input?.tenderId, input?.proposalId, input?.id];
  const id = named.find((each) => typeof each === 'string' && /^[a-z]{3}_[0-9a-f]{32}$/.test(each));
  return typeof id === 'string' ? id : null;
}
