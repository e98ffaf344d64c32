import { RefusalMark } from '@mulin/database';
import { Directive, Field, type FieldMiddleware, InterfaceType, ObjectType } from '@nestjs/graphql';
import type { GraphqlContext } from './context.js';

/** A text in the two languages of the platform. */
export interface Text {
  zh: string;
  en: string;
}

/** The rule that a refusal rests on, as code names it. `article` cites the law as the law is cited. */
export interface RuleReference {
  id: string;
  article: string;
  title: Text;
}

/** Answers a field kept in two languages in the one that was asked for. Only such fields pay for it. */
const inLanguage: FieldMiddleware = async ({ source, info, context }, next) => {
  const texts: unknown = source[info?.fieldName ?? ''];
  const language = (context as GraphqlContext).language ?? 'zh';
  return isText(texts) ? texts[language] : next();
};

/** True for a text that is kept in both languages. */
export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

/** A field of the type {@link Text}, answered as one string in the language of Accept-Language. */
export function GraphQLText(description?: string): PropertyDecorator & MethodDecorator {
  return Field(() => String, { middleware: [inLanguage], description });
}

@ObjectType({
  description: 'The rule a refusal rests on: a law article or a policy of the platform.',
})
@Directive('@shareable')
export class Rule {
  @Field({ description: 'Stable name of the rule; clients branch on it, never on text.' })
  id: string;

  @Field({ description: 'The article, as the law is cited; or the policy of the platform.' })
  article: string;

  @GraphQLText()
  title: Text;
}

/**
 * Base of every refusal: a use case that a rule does not allow answers with one, as a value. It is a
 * member of the mutation's union, carries the facts a user needs as fields, and nothing was written.
 */
@InterfaceType({
  description:
    'Why a mutation was not carried out. Nothing was written. Branch on __typename and rule.id.',
  resolveType: (value: object) => value.constructor.name,
})
export abstract class Refusal extends RefusalMark {
  @GraphQLText('One sentence for the user, in the language of Accept-Language (zh-CN or en).')
  message: Text;

  @Field(() => Rule)
  rule: RuleReference;

  constructor(rule: RuleReference, message: Text) {
    super();
    this.rule = rule;
    this.message = message;
  }
}
