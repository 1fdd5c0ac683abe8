/** The parts of an OpenAPI schema that say which keys a value may have. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/**
 * Paths of the keys in `value` that its schema does not name: what an answer says beyond its document. A map (an object
 * whose values have a schema) may have any keys, and what is documented as anything (an empty schema) any value.
 */
export function undocumentedKeys(value: unknown, schema: Schema, schemas: Schemas, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => undocumentedKeys(item, { anyOf: alternativesOf(schema, schemas).flatMap(({ items }) => (items ? [items] : [])) }, schemas, `${at}/${i}`));
  if (typeof value !== 'object' || value === null) return [];
  const alternatives = alternativesOf(schema, schemas);
  if (alternatives.some((alternative) => Object.keys(alternative).length === 0)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = alternatives.flatMap(({ properties, additionalProperties }) => {
      if (properties?.[key]) return [properties[key]];
      return typeof additionalProperties === 'object' ? [additionalProperties] : [];
    });
    return known.length === 0 ? [`${at}/${key}`] : undocumentedKeys(inner, { anyOf: known }, schemas, `${at}/${key}`);
  });
}

function alternativesOf(schema: Schema, schemas: Schemas): Schema[] {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    if (target === undefined) throw new Error(`${schema.$ref} is not in the document`);
    return alternativesOf(target, schemas);
  }
  return [schema, ...[...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((part) => alternativesOf(part, schemas))];
}
