import { buildSchema, getNamedType, type GraphQLSchema, isLeafType, isUnionType } from 'graphql';
import { sdl } from '../src/index.js';

export type Answer = Record<string, unknown> & { __typename: string; id: string; version: number };

/** Writes mutations that ask for every scalar field of every member of their result. */
export class Selection {
  private constructor(private readonly schema: GraphQLSchema) {}

  static async ofService(): Promise<Selection> {
    return new Selection(buildSchema(await sdl(), { assumeValid: true, assumeValidSDL: true }));
  }

  mutation(name: string): string {
    const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    return `mutation ($input: ${input}!) { ${name}(input: $input) { __typename
      ${this.members(name)} ... on Refusal { message rule { id article title } } } }`;
  }

  private members(mutation: string): string {
    const field = this.schema.getMutationType()?.getFields()[mutation];
    const result = field && getNamedType(field.type);
    if (!isUnionType(result)) throw new Error(`No mutation ${mutation}.`);
    return result
      .getTypes()
      .map((type) => {
        const fields = Object.values(type.getFields())
          .filter(({ name, type: of }) => name !== 'message' && isLeafType(getNamedType(of)))
          // Members may have fields of one name and different types: each gets a name of its own.
          .map(({ name }) => `${type.name}__${name}: ${name}`);
        return fields.length ? `... on ${type.name} { ${fields.join(' ')} }` : '';
      })
      .join('\n');
  }
}

/** The fields under their own names again. */
export function plain(answer: object): Answer {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name.replace(/^\w+?__(?=\w)/, ''), value]),
    // What was asked for by a Selection has these fields, or the test fails at its first look.
  ) as Answer;
}
