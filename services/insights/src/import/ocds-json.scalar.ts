import { Malformed, OpaqueText } from '@mulin/graphql';
import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

/** What one request can carry; a larger package is split into several (each release stands for itself). */
const MOST_CHARACTERS = 200_000;

/** An OCDS package as it came, with line breaks and all. */
@Scalar('OcdsJson')
export class OcdsJsonScalar implements CustomScalar<string, OpaqueText | Malformed> {
  description = `A package of OCDS 1.1 as JSON text; at most ${MOST_CHARACTERS} characters. Split larger ones: each release stands for itself.`;

  serialize(value: unknown): string {
    if (typeof value !== 'string') throw new GraphQLError('A package must be text.');
    return value;
  }
  parseValue(value: unknown): OpaqueText | Malformed {
    return read(String(value));
  }
  parseLiteral(node: ValueNode): OpaqueText | Malformed {
    return read(node.kind === Kind.STRING ? node.value : '');
  }
}

const read = (text: string): OpaqueText | Malformed =>
  text.length > MOST_CHARACTERS
    ? new Malformed('TOO_LONG', text.slice(0, 80))
    : new OpaqueText(text);
