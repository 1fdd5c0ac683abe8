import { Global, Module } from '@nestjs/common';
import { Collections } from './collections.ts';

@Global()
@Module({ providers: [Collections], exports: [Collections] })
export class CollectionsModule {}
