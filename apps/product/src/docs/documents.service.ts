import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ServiceDirectory, type ServiceName } from '../shop/service-directory.ts';
import { mergeDocuments, type ServiceDocument } from './merge-documents.ts';

const FRESH_MS = 60_000;
const RETRY_MS = 2_000;

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.unknown()),
  components: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** The OpenAPI document of the whole shop. A service that is away is shown as it was last seen. */
@Injectable()
export class DocumentsService {
  private readonly known = new Map<ServiceName, ServiceDocument>();
  private merged: { text: string; freshUntil: number } | undefined;
  private merging: Promise<string> | undefined;

  constructor(private readonly directory: ServiceDirectory) {}

  async document(): Promise<string> {
    if (this.merged && Date.now() < this.merged.freshUntil) return this.merged.text;
    this.merging ??= this.merge().finally(() => {
      this.merging = undefined;
    });
    return this.merging;
  }

  private async merge(): Promise<string> {
    const answers = await this.directory.askAll('openapi.json');
    for (const { service, body } of answers) {
      const parsed = documentSchema.safeParse(body);
      if (parsed.success) this.known.set(service, parsed.data);
    }
    const all = answers.map(({ service }) => service);
    const documents = new Map(all.flatMap((service) => (this.known.has(service) ? [[service, this.known.get(service)] as [ServiceName, ServiceDocument]] : [])));
    const missing = all.filter((service) => !documents.has(service));
    const text = JSON.stringify(mergeDocuments(documents, missing));
    this.merged = { text, freshUntil: Date.now() + (missing.length === 0 ? FRESH_MS : RETRY_MS) };
    return text;
  }
}
