import { Module } from '@nestjs/common';
import { Availability } from './availability.store.ts';

@Module({ providers: [Availability], exports: [Availability] })
export class AvailabilityModule {}
