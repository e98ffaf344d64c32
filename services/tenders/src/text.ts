import type { GraphqlContext, Text } from '@mulin/graphql';
import { Field, type FieldMiddleware } from '@nestjs/graphql';

/** Two languages are kept, the one that was asked for is answered. */
const inLanguage: FieldMiddleware = ({ source, info, context }) => {
  const texts = source[info?.fieldName ?? ''] as Text;
  return Promise.resolve(texts[(context as GraphqlContext).language ?? 'zh']);
};

/** A field of the type `Text`, answered as one string in the language of Accept-Language. */
export function GraphQLText(description: string): PropertyDecorator & MethodDecorator {
  return Field(() => String, { middleware: [inLanguage], description });
}
