export type { ClientSession } from 'mongodb';
export { trusted } from 'mongoose';
export { isDuplicateKey, isUnavailable, translateMongoError } from './errors.ts';
export { Gathered, NotTogether, type GatherBounds } from './gathered.ts';
export { migrate, type CollectionDefinition, type IndexDefinition, type MigrationReport } from './migrate.ts';
export { MongoCheck } from './mongo.check.ts';
export { connectOptions, MongoModule, type MongoOptions } from './mongo.module.ts';
export { onCommit, Transactions, type TransactionBounds } from './transactions.ts';
