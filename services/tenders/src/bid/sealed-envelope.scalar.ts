import { Malformed, OpaqueText } from '@mulin/graphql';
import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

/** What one request can carry; papers that are larger stay outside, their sha256 goes into the envelope. */
const MOST_CHARACTERS = 200_000;

/** One sealed envelope, as `npm run seal -- seal` writes it. */
@Scalar('SealedEnvelope')
export class SealedEnvelopeScalar implements CustomScalar<string, OpaqueText | Malformed> {
  description = `A sealed envelope as JSON, made by libs/seal on the bidder’s machine; at most ${MOST_CHARACTERS} characters. Larger papers stay outside, their sha256 goes in.`;

  serialize(value: unknown): string {
    if (typeof value !== 'string') throw new GraphQLError('An envelope must be text.');
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
