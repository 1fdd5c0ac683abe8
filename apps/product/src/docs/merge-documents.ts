/** What is needed of an OpenAPI document to merge it. */
export interface ServiceDocument {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  readonly tags?: readonly unknown[] | undefined;
}

interface Merged {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, unknown>;
  readonly components: Record<string, Record<string, unknown>>;
}

/**
 * One document of the documents of all services. Where two services have different components of one name, the later one
 * is renamed after its service; what is for other services only is left out.
 *
 * @param missing services whose document could not be had; the description names them
 */
export function mergeDocuments(documents: ReadonlyMap<string, ServiceDocument>, missing: readonly string[]): Merged {
  const absent = missing.length === 0 ? '' : ` Not shown, because they did not answer: ${missing.join(', ')}.`;
  const merged: Merged = {
    openapi: '3.1.0',
    info: { title: 'Shopfleet', version: '1.0.0', description: `The shop's whole API.${absent}` },
    servers: [{ url: '/' }],
    paths: {},
    components: {},
  };
  for (const [service, document] of documents) {
    const renamed = renameClashes(service, document, merged.components);
    for (const [path, item] of Object.entries(renamed.paths)) {
      if (path.startsWith('/internal')) continue;
      merged.paths[path] = { ...(merged.paths[path] as object | undefined), ...(item as object) };
    }
    for (const [kind, components] of Object.entries(renamed.components ?? {})) merged.components[kind] = { ...merged.components[kind], ...components };
  }
  return merged;
}

function renameClashes(service: string, document: ServiceDocument, taken: Readonly<Record<string, Readonly<Record<string, unknown>>>>): ServiceDocument {
  const clashes = Object.entries(document.components ?? {}).flatMap(([kind, components]) =>
    Object.entries(components)
      .filter(([name, component]) => taken[kind]?.[name] !== undefined && JSON.stringify(taken[kind][name]) !== JSON.stringify(component))
      .map(([name]) => ({ kind, name, to: `${service}_${name}` })),
  );
  if (clashes.length === 0) return document;
  let text = JSON.stringify({ paths: document.paths, components: document.components });
  for (const { kind, name, to } of clashes) text = text.replaceAll(`"#/components/${kind}/${name}"`, `"#/components/${kind}/${to}"`);
  const copy = JSON.parse(text) as { paths: Record<string, unknown>; components: Record<string, Record<string, unknown>> };
  for (const { kind, name, to } of clashes) {
    const components = copy.components[kind] ?? {};
    components[to] = components[name];
    delete components[name];
  }
  return copy;
}
