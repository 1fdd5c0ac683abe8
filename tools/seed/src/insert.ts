import { MongoBulkWriteError, type Collection, type OptionalUnlessRequiredId } from 'mongodb';

const DUPLICATE_KEY = 11_000;

/** Inserts what is not there yet; documents that are there already stay as they are. */
export async function insertNew<T extends { _id: string }>(collection: Collection<T>, documents: readonly object[]): Promise<void> {
  if (documents.length === 0) return;
  try {
    await collection.insertMany(documents as unknown as OptionalUnlessRequiredId<T>[], { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
    if (errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  }
}
