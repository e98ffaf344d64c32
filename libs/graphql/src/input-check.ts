import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Observable, of } from 'rxjs';
import { noteMutation } from './asked-for.js';
import { BadUserInput } from './errors.js';
import { findMalformed } from './malformed.js';
import { PROBLEM_WORDS } from './problem-words.js';
import { InvalidInput } from './shared-refusals.js';

/**
 * Stops what no rule could accept before a resolver runs: a mutation answers `InvalidInput` (every
 * mutation's union has it), a query fails with BAD_USER_INPUT.
 */
@Injectable()
export class InputCheck implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<string>() !== 'graphql') return next.handle();
    const graphql = GqlExecutionContext.create(context);
    const args = graphql.getArgs<Record<string, unknown>>();
    const info = graphql.getInfo<GraphQLResolveInfo | undefined>();
    const isMutation = info?.parentType.name === 'Mutation';
    for (const [name, value] of Object.entries(args)) {
      if (isMutation) noteMutation(value, info.fieldName);
      const found = findMalformed(value, name);
      if (!found) continue;
      const [field, malformed] = found;
      if (isMutation) return of(new InvalidInput(field, malformed));
      const { zh, en } = PROBLEM_WORDS[malformed.problem];
      throw new BadUserInput({
        zh: `字段 ${field} ${zh}。`,
        en: `Field ${field}: ${en} (${malformed.problem}).`,
      });
    }
    return next.handle();
  }
}
