/**
 * The part of JSON Schema 2020-12 that event payloads use. Keeping it small keeps it readable for the
 * people who turn a schema into a table, and lets the compatibility check understand all of it.
 */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly examples?: readonly unknown[];
  readonly additionalProperties?: boolean;
}

/** A schema whose fields are exactly the fields of the payload type `P`: the compiler keeps the two in step. */
export interface ObjectSchema<P> extends JsonSchema {
  readonly type: 'object';
  readonly properties: { readonly [K in keyof P & string]-?: JsonSchema };
  readonly required: readonly (keyof P & string)[];
}

/** Calls `visit` for the schema and every schema inside it, with a path such as `/instalments/[]/amountFen`. */
export function walkSchema(
  schema: JsonSchema,
  visit: (schema: JsonSchema, path: string, fieldName: string | null) => void,
  path = '',
  fieldName: string | null = null,
): void {
  visit(schema, path || '/', fieldName);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    walkSchema(field, visit, `${path}/${name}`, name);
  }
  if (schema.items) walkSchema(schema.items, visit, `${path}/[]`, fieldName);
  for (const choice of schema.oneOf ?? []) walkSchema(choice, visit, path, fieldName);
  if (schema.then) walkSchema(schema.then, visit, path, fieldName);
}

/** The same schema with every object closed: a producer's spelling mistake is refused, not published. */
export function closed(schema: JsonSchema): JsonSchema {
  const properties =
    schema.properties &&
    Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, closed(field)]),
    );
  return {
    ...schema,
    ...(properties ? { properties, additionalProperties: false } : {}),
    ...(schema.items ? { items: closed(schema.items) } : {}),
    ...(schema.oneOf ? { oneOf: schema.oneOf.map(closed) } : {}),
  };
}
